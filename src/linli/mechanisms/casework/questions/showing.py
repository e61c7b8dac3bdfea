"""Answers in words, for those who may read them. They are never on the public board."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from linli.kernel.events.models import PersonalValue
from linli.kernel.packs.loading import content_of
from linli.kernel.packs.questions import questions_of, typed_answer
from linli.kernel.people.secrets import ValueErased, decrypt_for

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter
    from linli.kernel.packs.schema import QuestionSetting


@dataclass(frozen=True)
class Answered:
    """A question and its answer in words; ``value`` is the typed answer."""

    code: str
    question: str
    answer: str
    value: Any
    personal: bool


def answers_of(matter: Matter, *, personal: bool) -> list[Answered]:
    """Return the answers of a request by the pack it began with, in the pack's order.

    ``personal``: whether the reader may read what says something of a person; it costs a query.
    """
    request = getattr(matter, "servicerequest", None)
    if request is None:
        return []
    pack = content_of(matter.pack)
    values = dict(request.answers)
    erased = False
    if personal:
        given, erased = _personal_answers(matter)
        typed = {code: _as_asked(pack.questions.get(code), value) for code, value in given.items()}
        values = typed | values
    # As the category asks them: PostgreSQL keeps no order of the answers.
    order = {code: number for number, code in enumerate(questions_of(pack, matter.category))}
    shown = [
        Answered(
            code, str(question.label), in_words(question, values[code]), values[code],
            question.personal,
        )
        for code in sorted(values, key=lambda one: order.get(one, len(order)))
        if (question := pack.questions.get(code)) is not None
    ]  # fmt: skip
    if erased:
        shown.append(Answered("", _("Personal answers"), _("(erased)"), None, True))
    return shown


def _personal_answers(matter: Matter) -> tuple[dict[str, Any], bool]:
    """Return the answers as they were given, and whether they were erased."""
    rows = PersonalValue.objects.filter(event__matter=matter, field="answers")
    found: dict[str, Any] = {}
    for kept in rows.select_related("subject__key").order_by("pk"):
        try:
            found |= json.loads(decrypt_for(kept.subject, bytes(kept.ciphertext)))
        except ValueErased:
            return {}, True
    return found, False


def _as_asked(question: QuestionSetting | None, value: Any) -> Any:
    """Return an answer typed as its question asks; as it was given where that fails."""
    try:
        return typed_answer(question, value) if question else value
    except ValueError:
        return value


def in_words(question: QuestionSetting, value: Any) -> str:
    """Return a typed answer as text in the active language."""
    if isinstance(value, list):
        return "、".join(in_words(question, one) for one in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if question.options:
        option = question.options.get(str(value))
        return str(option) if option else str(value)
    if question.kind == "date":
        return str(date_format(date.fromisoformat(str(value)), "DATE_FORMAT"))
    return str(value)
