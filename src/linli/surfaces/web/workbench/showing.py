"""How matters are named and timed on lists: in words, for eyes that skim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.kernel.access.audiences import audiences_of
from linli.kernel.access.relations import relation_of
from linli.kernel.matters.models import Audience, Matter
from linli.kernel.packs.loading import content_of
from linli.kernel.packs.models import Pack
from linli.kernel.procedures.declaration import procedure_named

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

SOON_SECONDS = 24 * 3600
MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Due:
    """A clock as shown: what runs, how long still, and how much it presses."""

    clock: str
    words: str
    tone: str  # "overdue", "soon" or "calm"
    at: datetime


def with_packs(matters: Iterable[Matter], community: Community) -> list[Matter]:
    """Return matters that know their pack; at most one query, none while all share the newest."""
    rows = list(matters)
    packs = {community.pack_id: community.pack}
    if older := {matter.pack_id for matter in rows} - packs.keys():
        packs |= Pack.objects.in_bulk(older)
    for matter in rows:
        matter.pack = packs[matter.pack_id]
    return rows


def due(matter: Matter, at: datetime | None, clock: str, now: datetime | None = None) -> Due | None:
    """Return a clock of a matter in words; None where none runs."""
    if at is None:
        return None
    left = at - (now or timezone.now())
    setting = content_of(matter.pack).clocks.get(clock)
    label = str(setting.label) if setting else ""
    if left.total_seconds() < 0:
        return Due(label, _("overdue by %(time)s") % {"time": span(-left)}, "overdue", at)
    tone = "soon" if left.total_seconds() < SOON_SECONDS else "calm"
    return Due(label, _("%(time)s left") % {"time": span(left)}, tone, at)


def span(length: timedelta) -> str:
    """Return a length of time in its largest unit, as people say it."""
    seconds = int(length.total_seconds())
    if seconds < HOUR:
        number = max(1, seconds // MINUTE)
        return ngettext("%(number)d minute", "%(number)d minutes", number) % {"number": number}
    if seconds < 2 * DAY:
        number = seconds // HOUR
        return ngettext("%(number)d hour", "%(number)d hours", number) % {"number": number}
    number = seconds // DAY
    return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}


def stage_label(matter: Matter) -> str:
    """Return the label of the stage a matter is at."""
    return str(procedure_named(matter.procedure).stage(matter.stage).label)


def category_label(matter: Matter) -> str:
    """Return the label of a matter's category, empty where it has none yet."""
    setting = content_of(matter.pack).categories.get(matter.category)
    return str(setting.label) if setting else ""


def role_label(community: Community, role: str) -> str:
    """Return the label of a role, or its name where the pack knows it no more."""
    setting = content_of(community.pack).roles.get(role)
    return str(setting.label) if setting else role


def reads_private_words(person: Person, matter: Matter) -> bool:
    """Whether a person may read the reporter's own words, not only what the public reads."""
    audiences = audiences_of(relation_of(person, matter), content_of(matter.pack))
    return Audience.PARTIES in audiences
