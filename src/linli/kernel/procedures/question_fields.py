"""The pack's further questions as fields of a form, named ``answers.CODE``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from linli.kernel.packs.questions import LONGEST_ANSWER, only_what_applies, questions_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linli.kernel.packs.schema import ConditionSetting, PackContent, QuestionSetting

PREFIX = "answers."


def question_fields(pack: PackContent, category: str | None) -> dict[str, forms.Field]:
    """Return a field for each question of a category, by its name in the form."""
    asked = questions_of(pack, category)
    return {f"{PREFIX}{code}": _field(pack, question) for code, question in asked.items()}


def answers_in(
    pack: PackContent, category: str | None, cleaned: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the answers of a cleaned form by code, without empty ones and pointless ones."""
    given: dict[str, Any] = {}
    for code in questions_of(pack, category):
        value = cleaned.get(f"{PREFIX}{code}")
        if value not in (None, "", []):
            given[code] = value if isinstance(value, list | str) else str(value)
    found: dict[str, Any] = only_what_applies(pack, category, given)
    return found


def _field(pack: PackContent, question: QuestionSetting) -> forms.Field:
    """Return the field, with ``asked_when`` (name and value of another) and the same in words."""
    common: dict[str, Any] = {
        "label": str(question.label),
        "help_text": str(question.hint) if question.hint else "",
        "required": False,  # what must be answered hangs on the other answers: `perform` knows
    }
    field: Any = _of_kind(question, common)
    field.must = question.required  # said by the page; whether it applies, `perform` knows
    if question.when is not None:
        wanted = _as_typed(question.when.equals)
        field.asked_when = (f"{PREFIX}{question.when.question}", wanted)
        field.only_if = _only_if(pack, question.when)
    return field


def _of_kind(question: QuestionSetting, common: dict[str, Any]) -> forms.Field:
    options = [(code, str(label)) for code, label in question.options.items()]
    if question.kind == "choice":
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **common)
    if question.kind == "choices":
        many = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=options, widget=many, **common)
    if question.kind == "yes_no":
        choices = [("true", _("Yes")), ("false", _("No"))]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    if question.kind == "date":
        calendar = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(widget=calendar, **common)
    if question.kind == "number":
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        return forms.CharField(widget=widget, max_length=40, **common)
    return forms.CharField(max_length=LONGEST_ANSWER, **common)


def _only_if(pack: PackContent, when: ConditionSetting) -> str:
    """Return when the question is meant at all: for those without scripts."""
    other = pack.questions[when.question]
    return _("Only if “%(question)s” is answered with “%(answer)s”:") % {
        "question": other.label,
        "answer": _answer_in_words(other, when),
    }


def _answer_in_words(other: QuestionSetting, when: ConditionSetting) -> str:
    if isinstance(when.equals, bool):
        return _("Yes") if when.equals else _("No")
    option = other.options.get(str(when.equals))
    return str(option) if option else str(when.equals)


def _as_typed(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
