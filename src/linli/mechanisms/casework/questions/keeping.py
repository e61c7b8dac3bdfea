"""Keeping answers with a request: typed beside it, personal ones encrypted with the event alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.kernel.packs.questions import check_answers, questions_of
from linli.kernel.procedures.errors import InvalidFacts

if TYPE_CHECKING:
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.facts import Report
    from linli.mechanisms.casework.models import ServiceRequest


def keep_answers(
    request: ServiceRequest, facts: Report, act: Act, *, all_of_them: bool = True
) -> None:
    """Check the answers of a report by the pack it begins with, and keep those not personal.

    All of them stand in the event, encrypted with the reporter's key; the request holds, typed,
    those that say nothing of a person. ``all_of_them``: whether one that must be given may lack,
    as in a record from before the question was asked. Raises InvalidFacts, named ``answers.CODE``.
    """
    if not facts.answers and not all_of_them:
        return
    if not facts.answers and not questions_of(act.pack, facts.category):
        return
    pictures = len(act.refs.get("pictures", []))
    answers, wrong = check_answers(act.pack, facts.category, facts.answers or {}, pictures=pictures)
    if wrong:
        raise InvalidFacts(wrong)
    asked = questions_of(act.pack, facts.category)
    plain: dict[str, Any] = {
        code: value for code, value in answers.items() if not asked[code].personal
    }
    request.answers = plain
    if plain:
        act.add_facts(plain_answers=plain)
