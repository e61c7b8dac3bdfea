"""The further questions of a pack: which are asked for a category, and whether answers fit."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from linli.kernel.packs.schema import ConditionSetting, PackContent, QuestionSetting

LONGEST_ANSWER = 1_000
LARGEST_NUMBER = 1e12
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)

Wrong = dict[str, list[str]]


def questions_of(pack: PackContent, category: str | None) -> dict[str, QuestionSetting]:
    """Return what is asked for a category: first what its group asks, then its own, each once."""
    setting = pack.categories.get(category or "")
    if setting is None:
        return {}
    group = pack.categories.get(setting.parent or "")
    codes = [*(group.questions if group else []), *setting.questions]
    return {code: pack.questions[code] for code in dict.fromkeys(codes)}


def applies(question: QuestionSetting, answers: Mapping[str, Any]) -> bool:
    """Whether a question is asked, given the (typed) answers to the others."""
    if question.when is None:
        return True
    given, wanted = answers.get(question.when.question), question.when.equals
    if isinstance(given, list):
        return wanted in given
    return given == wanted and isinstance(given, bool) == isinstance(wanted, bool)


def check_answers(
    pack: PackContent, category: str | None, given: Mapping[str, Any], *, pictures: int = 0
) -> tuple[dict[str, Any], Wrong]:
    """Return the typed answers, and sentences by question for what does not fit.

    ``given``: values as a form or a machine sends them, by the question's code. ``pictures``: how
    many came with the report. What is wrong is named ``answers.CODE``; a question that is not
    asked for this category is wrong as ``answers``.
    """
    asked = questions_of(pack, category)
    wrong: Wrong = {}
    if any(code not in asked for code in given):
        wrong["answers"] = [_("One of the answers belongs to no question that is asked here.")]
        return {}, wrong
    answers: dict[str, Any] = {}
    for code, question in asked.items():
        value = given.get(code)
        if value is None or value == "" or value == []:
            continue
        try:
            answers[code] = typed_answer(question, value)
        except ValueError as error:
            wrong[f"answers.{code}"] = [str(error)]
    for code, question in asked.items():
        if f"answers.{code}" in wrong:
            continue
        if sentence := _missing_or_superfluous(question, code, answers, pictures):
            wrong[f"answers.{code}"] = [sentence]
    return answers, wrong


def _missing_or_superfluous(
    question: QuestionSetting, code: str, answers: dict[str, Any], pictures: int
) -> str:
    if not applies(question, answers):
        return _("This is not asked here, given the other answers.") if code in answers else ""
    if not question.required:
        return ""
    if question.kind == "picture_note" and not pictures:
        return _("Please add a picture.")
    return "" if code in answers else _("Please fill this in.")


def only_what_applies(pack: PackContent, category: str | None, given: Mapping[str, Any]) -> Any:
    """Leave out answers to questions that the other answers make pointless, as a form does.

    Conditions may hang on each other: what hangs on an answer left out is left out too.
    """
    asked, kept = questions_of(pack, category), dict(given)
    for _round in asked:
        typed, _wrong = check_answers(pack, category, kept)
        gone = [code for code in kept if code in asked and not applies(asked[code], typed)]
        if not gone:
            break
        kept = {code: value for code, value in kept.items() if code not in gone}
    return kept


def typed_answer(question: QuestionSetting, value: Any) -> Any:
    """Return an answer as its type. Raises ValueError with a sentence."""
    kind = question.kind
    if kind == "number":
        return _number(value)
    if kind == "yes_no":
        return _yes_or_no(value)
    if kind == "date":
        return _day(value)
    if kind == "choice":
        return _option(question, value)
    if kind == "choices":
        chosen = value if isinstance(value, list) else [value]
        return list(dict.fromkeys(_option(question, one) for one in chosen))
    if not isinstance(value, str) or _UNSTORABLE.search(value):
        raise ValueError(_("This contains characters that cannot be stored."))
    if len(value) > LONGEST_ANSWER:
        raise ValueError(_("Please use at most %(max)s characters.") % {"max": LONGEST_ANSWER})
    return value.strip()


def _number(value: Any) -> int | float:
    sentence = _("Please give a number.")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(sentence)
    try:
        found = float(str(value).strip().replace(",", "."))
    except ValueError:
        raise ValueError(sentence) from None
    if not -LARGEST_NUMBER < found < LARGEST_NUMBER:  # also what is no number (NaN)
        raise ValueError(sentence)
    return int(found) if found.is_integer() else found


def _yes_or_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise ValueError(_("Please choose one of the options."))
    return value == "true"


def _day(value: Any) -> str:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(_("Please give a date.")) from None
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise ValueError(_("Please give a date."))
    return f"{day:%Y-%m-%d}"


def _option(question: QuestionSetting, value: Any) -> str:
    if not isinstance(value, str) or value not in question.options:
        raise ValueError(_("Please choose one of the options."))
    return value


# --- checking the pack ----------------------------------------------------------------------
def wrong_questions(pack: PackContent) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield what does not fit: unknown questions, options that lack, conditions in a circle."""
    for code, category in pack.categories.items():
        for number, name in enumerate(category.questions):
            if name not in pack.questions:
                sentence = _("There is no question “%(name)s”.") % {"name": name}
                yield ("categories", code, "questions", number), sentence
    for code, question in pack.questions.items():
        path = ("questions", code)
        if (question.kind in ("choice", "choices")) != bool(question.options):
            yield (*path, "options"), _("Options belong to `choice` and `choices`, and only there.")
        if question.when is not None:
            yield from ((path + more, said) for more, said in _wrong_when(pack, code, question))
    yield from _asked_without(pack)


def _wrong_when(
    pack: PackContent, code: str, question: QuestionSetting
) -> Iterator[tuple[tuple[str, ...], str]]:
    when: ConditionSetting = question.when  # type: ignore[assignment]
    other = pack.questions.get(when.question)
    if other is None:
        sentence = _("There is no question “%(name)s”.") % {"name": when.question}
        yield ("when", "question"), sentence
    elif _hangs_on_itself(pack, code):
        yield ("when", "question"), _("The conditions run in a circle.")
    elif not _can_equal(other, when.equals):
        yield ("when", "equals"), _("The other question can never have this answer.")


def _hangs_on_itself(pack: PackContent, code: str) -> bool:
    seen: set[str] = set()
    at: str | None = code
    while at is not None and at in pack.questions:
        if at in seen:
            return True
        seen.add(at)
        when = pack.questions[at].when
        at = when.question if when else None
    return False


def _can_equal(question: QuestionSetting, value: Any) -> bool:
    if question.kind == "yes_no":
        return isinstance(value, bool)
    if question.kind in ("choice", "choices"):
        return value in question.options
    if question.kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str)


def _asked_without(pack: PackContent) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """A condition on a question that the same category does not ask can never be met."""
    for code, category in pack.categories.items():
        if any(name not in pack.questions for name in category.questions):
            continue
        asked = questions_of(pack, code)
        for number, name in enumerate(category.questions):
            when = pack.questions[name].when
            if when and when.question in pack.questions and when.question not in asked:
                sentence = _("“%(name)s” hangs on “%(other)s”, which is not asked here.")
                yield (
                    ("categories", code, "questions", number),
                    sentence % {"name": name, "other": when.question},
                )
