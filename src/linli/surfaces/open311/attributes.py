"""What a service asks besides place and description: the pack's extra questions, if it has any."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from linli.surfaces.open311.receiving import Wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from linli.kernel.packs.schema import PackContent

LONGEST = 1_000  # characters of one answer
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")
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
    """Return what a category asks, in order."""
    return []


def answers_given(request: HttpRequest, pack: PackContent, category: str) -> list[str]:
    """Return a line for each answer: what was asked, and what was said.

    Raises Wrong for one that is missing or not what the question takes, or that nobody asked for.
    """
    given = _given(request)
    asked = {one.code: one for one in attributes_of(pack, category)}
    if unknown := sorted(set(given) - set(asked)):
        sentence = _("attribute[%(code)s]: this service does not ask for it.")
        raise Wrong(400, sentence % {"code": unknown[0]})
    lines = []
    for code, attribute in asked.items():
        said = [_checked(attribute, one) for one in given.get(code, [])]
        if said:
            lines.append(f"{attribute.question} {'、'.join(said)}")
        elif attribute.required:
            raise Wrong(400, _("attribute[%(code)s]: please answer this.") % {"code": code})
    return lines


def _given(request: HttpRequest) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in request.POST:
        if match := _NAME.fullmatch(name):
            said = [one.strip() for one in request.POST.getlist(name) if one.strip()]
            found.setdefault(match[1], []).extend(said)
    return {code: said for code, said in found.items() if said}


def _checked(attribute: Attribute, said: str) -> str:
    """Return an answer as people read it."""
    for wrong, sentence in _problems(attribute, said):
        if wrong:
            raise Wrong(400, sentence % {"code": attribute.code})
    return dict(attribute.values).get(said, said)


def _problems(attribute: Attribute, said: str) -> Iterator[tuple[bool, str]]:
    unfit = len(said) > LONGEST or re.search("[\x00\ud800-\udfff]", said) is not None
    yield unfit, _("attribute[%(code)s]: this cannot be kept.")
    listed = attribute.datatype in ("singlevaluelist", "multivaluelist")
    known = {key for key, _name in attribute.values}
    yield listed and said not in known, _("attribute[%(code)s]: please choose one of the options.")
    number = attribute.datatype == "number"
    yield number and not _NUMBER.fullmatch(said), _("attribute[%(code)s]: please give a number.")
    time = attribute.datatype == "datetime"
    yield time and not _is_time(said), _("attribute[%(code)s]: please give a time.")


def _is_time(said: str) -> bool:
    try:
        return parse_datetime(said) is not None
    except ValueError:
        return False
