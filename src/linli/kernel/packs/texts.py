"""What settings of a pack are made of: texts in several languages, codes, strict models."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, RootModel, StringConstraints, model_validator

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[a-z]{2,8})?$")]


class Strict(BaseModel):
    """Unknown keys are errors: a misspelt setting must not be silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Label(RootModel[dict[str, str]]):
    """A text in several languages: ``{zh-hans: 东湖社区, en: East Lake}``."""

    model_config = ConfigDict(frozen=True)

    def __str__(self) -> str:
        texts = self.root
        language = get_language() or "en"
        return (
            texts.get(language) or texts.get(language.split("-")[0]) or next(iter(texts.values()))
        )

    @model_validator(mode="after")
    def _not_empty(self) -> Label:
        if not self.root or not all(text.strip() for text in self.root.values()):
            raise ValueError(_("A label needs a text in each language; none may be empty."))
        return self
