"""Hints on the words of a reply, in the reader's language; they never stand in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.engines.plainwords import Finding, check_words, looks_chinese
from linli.kernel.packs.loading import content_of

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter

# Where people write to the reporter and the public.
ACTIONS = ("reply", "inform", "solve")


@dataclass(frozen=True)
class Hint:
    """One thing to look at: a sentence, and the words it is about."""

    sentence: str
    words: str = ""


def hints_on(text: str, matter: Matter, *, action: str, dated: bool) -> list[Hint]:
    """Return what could be plainer in a reply.

    ``dated``: whether a date is given beside the text, in a field of its own. Only a first reply
    needs to say when, and what comes next.
    """
    setting = content_of(matter.pack).plain_words
    language = "zh-hans" if looks_chinese(text) else "en"
    found = check_words(
        text,
        language,
        words=setting.words.get(language, {}),
        longest=setting.longest_sentence.get(language),
        needs=_needed(action, dated),
    )
    return [Hint(_sentence(one), one.words) for one in found]


def _needed(action: str, dated: bool) -> frozenset[str]:
    needed = {"reply": {"date", "contact", "next_step"}, "inform": {"next_step"}}
    return frozenset(needed.get(action, {"contact"}) - ({"date"} if dated else set()))


def _sentence(finding: Finding) -> str:
    kind, number = finding.kind, finding.number
    if kind == "long_sentence":
        return ngettext(
            "This sentence is long (%(number)d). Make two of it.",
            "This sentence is long (%(number)d). Make two of it.",
            number,
        ) % {"number": number}
    if kind == "office_word":
        if finding.instead:
            return _("A word of the office. Better: %(instead)s.") % {"instead": finding.instead}
        return _("A word of the office that residents do not use.")
    return str(_simple()[kind]) % {"number": number}


def _simple() -> dict[str, Any]:
    return {
        "passive": _("Say who does it: the passive hides them."),
        "hard_to_read": _("Hard to read (reading ease %(number)d of 100; 60 is plain English)."),
        "no_date": _("It says no day. When will something happen?"),
        "no_contact": _("It names nobody to ask: a telephone or an office helps."),
        "no_next_step": _("It does not say what happens next."),
        "unfilled": _("A place is not filled in yet."),
    }
