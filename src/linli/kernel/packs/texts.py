"""What settings of a pack are made of: texts in several languages, codes, strict models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, get_args

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, RootModel, StringConstraints, model_validator

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def models_within(model: type[BaseModel]) -> list[type[BaseModel]]:
    """Return a model and all it uses but texts, each once, in the order they are met."""
    found = [model]
    for one in found:
        for field in one.model_fields.values():
            found += [inner for inner in _models_in(field.annotation) if inner not in found]
    return found


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation is not Label:
            yield annotation
        return
    for part in get_args(annotation):
        yield from _models_in(part)
