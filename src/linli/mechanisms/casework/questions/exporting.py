"""Answers to the pack's questions as columns of the table of matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.kernel.events.exporting import Further
from linli.kernel.packs.loading import content_of, pack_of
from linli.kernel.packs.models import Pack
from linli.kernel.packs.questions import questions_of
from linli.mechanisms.casework.models import ServiceRequest
from linli.mechanisms.casework.questions.showing import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linli.kernel.organisations.models import Community
    from linli.kernel.packs.schema import QuestionSetting


def answers_as_columns(community: Community) -> Further:
    """Return a column ``answers.CODE`` for each question, as categories ask them.

    What was asked once and is no more comes last. What says something of a person is no column:
    it is encrypted and never leaves in bulk. One query, and one for each page of matters.
    """
    questions = _questions(community)

    def values(keys: Sequence[int]) -> Mapping[int, Sequence[Any]]:
        rows = ServiceRequest.objects.filter(matter__in=keys).exclude(answers={})
        return {
            key: [_cell(question, answers.get(code)) for code, question in questions.items()]
            for key, answers in rows.values_list("matter_id", "answers")
        }

    return Further([f"answers.{code}" for code in questions], values)


def _questions(community: Community) -> dict[str, QuestionSetting]:
    older = Pack.objects.filter(name=community.pack.name).exclude(pk=community.pack_id)
    found: dict[str, QuestionSetting] = {}
    for pack in (pack_of(community), *map(content_of, older.defer("content").order_by("-pk"))):
        for category in pack.categories:
            for code, question in questions_of(pack, category).items():
                found.setdefault(code, question)
    return {code: question for code, question in found.items() if not question.personal}


def _cell(question: QuestionSetting, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    return in_words(question, value)
