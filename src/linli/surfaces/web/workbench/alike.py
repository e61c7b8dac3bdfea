"""Probable duplicates beside a matter, each with its reasons in words and one click to join."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.mechanisms.casework.similar import probable_duplicates
from linli.mechanisms.casework.stages import NOT_JOINED
from linli.mechanisms.casework.supporting import numbers_behind

if TYPE_CHECKING:
    from collections.abc import Collection

    from linli.engines.similarity import Likeness
    from linli.kernel.matters.models import Matter
    from linli.kernel.people.models import Person

MERGE = "merge"
SAME_PLACE = 15  # metres: nobody's telephone knows it better


@dataclass(frozen=True)
class AlikeRow:
    """A matter that may be the same; ``people``: how many stand behind it."""

    matter: Matter
    reasons: list[str]
    people: int


def alike_rows(person: Person, matter: Matter, offered: Collection[str]) -> list[AlikeRow]:
    """Return what may be the same matter; nothing for whoever could not join it to anything."""
    if MERGE not in offered or matter.procedure != "casework" or matter.stage not in NOT_JOINED:
        return []
    found = probable_duplicates(person, matter)
    people = numbers_behind([one.matter for one in found]) if found else {}
    for one in found:  # known already
        one.matter.community, one.matter.pack = matter.community, matter.pack
    return [AlikeRow(one.matter, reasons_for(one.likeness), people[one.matter.pk]) for one in found]


def reasons_for(likeness: Likeness) -> list[str]:
    """Return in words why two matters may be the same: place, time, words."""
    reasons = []
    if likeness.metres is not None and likeness.metres <= SAME_PLACE:
        reasons.append(_("same place"))
    elif likeness.metres is not None:
        near = int(-(-likeness.metres // 10) * 10)  # up to the next ten
        reasons.append(_("same place within %(metres)d m") % {"metres": near})
    elif likeness.same_area:
        reasons.append(_("same grid"))
    days = round(likeness.days)
    if days == 0:
        reasons.append(_("on the same day"))
    else:
        apart = ngettext("%(number)d day apart", "%(number)d days apart", days)
        reasons.append(apart % {"number": days})
    if likeness.shared:
        reasons.append(_("same words: %(words)s") % {"words": _(", ").join(likeness.shared)})
    return reasons
