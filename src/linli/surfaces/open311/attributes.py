"""What a service asks besides place and description: the pack's further questions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from linli.kernel.packs.questions import questions_of
from linli.surfaces.open311.receiving import Wrong

if TYPE_CHECKING:
    from django.http import HttpRequest

    from linli.kernel.packs.schema import PackContent, QuestionSetting

# How GeoReport v2 calls the kinds of questions; it has no yes or no, which is a list of two.
_DATATYPES = {
    "text": "text",
    "picture_note": "text",
    "number": "number",
    "date": "datetime",
    "choice": "singlevaluelist",
    "yes_no": "singlevaluelist",
    "choices": "multivaluelist",
}
_NAME = re.compile(r"attribute\[([A-Za-z0-9_.-]{1,60})\](\[\])?")


@dataclass(frozen=True)
class Attribute:
    """One question of a service; ``values`` are the choices of a list: key and name.

    ``datatype`` as GeoReport v2 has it: string, number, datetime, text, singlevaluelist,
    multivaluelist.
    """

    code: str
    question: str
    datatype: str = "string"
    required: bool = False
    hint: str = ""
    values: tuple[tuple[str, str], ...] = ()


def attributes_of(pack: PackContent, category: str) -> list[Attribute]:
    """Return what a category asks, in order.

    One asked only after a certain answer to another is never said to be required: GeoReport v2
    knows no conditions.
    """
    return [
        Attribute(
            code,
            str(question.label),
            _DATATYPES[question.kind],
            question.required and question.when is None,
            str(question.hint or ""),
            _values(question),
        )
        for code, question in questions_of(pack, category).items()
    ]


def _values(question: QuestionSetting) -> tuple[tuple[str, str], ...]:
    if question.kind == "yes_no":
        return ("true", _("Yes")), ("false", _("No"))
    return tuple((key, str(label)) for key, label in question.options.items())


def answers_given(request: HttpRequest, pack: PackContent, category: str) -> dict[str, Any]:
    """Return the answers by question, as `casework` checks and keeps them.

    Raises Wrong for one that nobody asked for.
    """
    given = _given(request)
    asked = questions_of(pack, category)
    if unknown := sorted(set(given) - set(asked)):
        sentence = _("attribute[%(code)s]: this service does not ask for it.")
        raise Wrong(400, sentence % {"code": unknown[0]})
    return {code: _as_asked(asked[code], said) for code, said in given.items()}


def _given(request: HttpRequest) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in request.POST:
        if match := _NAME.fullmatch(name):
            said = [one.strip() for one in request.POST.getlist(name) if one.strip()]
            found.setdefault(match[1], []).extend(said)
    return {code: said for code, said in found.items() if said}


def _as_asked(question: QuestionSetting, said: list[str]) -> Any:
    if question.kind == "choices":
        return said
    if question.kind == "date" and _is_time(said[-1]):
        return said[-1][:10]
    return said[-1]


def _is_time(said: str) -> bool:
    try:
        return parse_datetime(said) is not None
    except ValueError:
        return False
