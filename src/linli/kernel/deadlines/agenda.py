"""What a person's calendar holds: the clocks of matters that lie with the person's own posts.

A clock lies with the unit responsible, or with the desk while there is none; some are the desk's
whatever the unit: mechanisms name those to `held_by_desk`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.kernel.access.relations import posts_in
from linli.kernel.deadlines.models import Clock
from linli.kernel.matters.models import Audience
from linli.kernel.matters.visibility import visible_to
from linli.kernel.packs.loading import content_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

MOST = 500
GONE_KEPT = timedelta(days=14)  # how long what was done is still told as cancelled
LONG_OVERDUE = timedelta(days=92)  # older ones are not in calendars; the inbox has them
_DESKS: set[str] = set()


@dataclass(frozen=True)
class Entry:
    """One entry of a calendar: on a day, or at an instant (aware, in the community's zone)."""

    uid: str
    summary: str
    at: date | datetime
    link: str
    changed: datetime
    sequence: int = 0
    status: str = "CONFIRMED"


def held_by_desk(*names: str) -> None:
    """Have clocks of these names lie with the desk, whichever unit is responsible."""
    _DESKS.update(names)


def agenda(
    person: Person, community: Community, link: Callable[[Matter], str], now: datetime
) -> list[Entry]:
    """Return the entries of a person's calendar, what runs before what was done lately.

    Two queries besides those for the posts; `MOST` entries at most.
    """
    own = {post.organisation_id for post in posts_in(person, community) if post.staff}
    if not own:
        return []
    desks = Q(name__in=_DESKS)
    unit = Q(matter__responsible__in=own)
    nobody = Q(matter__responsible__isnull=True, matter__desk__in=own)
    held = (desks & Q(matter__desk__in=own)) | (~desks & (unit | nobody))
    seen = visible_to(person, community)
    rows = Clock.objects.filter(held, community=community, matter__in=seen)
    rows = rows.select_related("matter__pack").defer("matter__pack__content")
    running = rows.filter(
        matter__closed_at__isnull=True, stopped_at__isnull=True, due_at__gte=now - LONG_OVERDUE
    )
    gone = rows.filter(
        Q(matter__closed_at__isnull=True) | Q(matter__closed_at__gte=now - GONE_KEPT),
        stopped_at__gte=now - GONE_KEPT,
    )
    found = list(running.order_by("due_at", "pk")[:MOST])
    found += gone.order_by("-stopped_at", "pk")[: MOST - len(found)]
    return entries_of(found, community, link)


def of_matter(matter: Matter, link: str) -> list[Entry]:
    """Return the entries of the clocks that run on one matter. One query."""
    rows = Clock.objects.filter(matter=matter, stopped_at__isnull=True).order_by("due_at", "pk")
    clocks = list(rows)
    for clock in clocks:
        clock.matter = matter
    return entries_of(clocks, matter.community, lambda _matter: link)


def entries_of(
    clocks: Iterable[Clock], community: Community, link: Callable[[Matter], str]
) -> list[Entry]:
    """Return clocks as entries of a calendar; a promised day is a whole day."""
    zone = ZoneInfo(community.timezone)
    return [
        Entry(
            uid=uid_of(clock.matter, f"{clock.name}/{clock.pk}"),
            summary=_summary(clock),
            at=_when(clock, zone),
            link=link(clock.matter),
            changed=clock.matter.changed_at,
            sequence=clock.matter.version,
            status=_status(clock),
        )
        for clock in clocks
    ]


def uid_of(matter: Matter, what: str) -> str:
    """Return a name that stays the same for as long as the thing does."""
    return f"{uuid5(UUID(str(matter.uuid)), what)}@linli"


def name_of(matter: Matter) -> str:
    """Return number and title; of what is for named people only, the number alone."""
    if matter.audience == Audience.NAMED:
        return matter.number
    return f"{matter.number} {matter.public_title or matter.title}"


def _summary(clock: Clock) -> str:
    setting = content_of(clock.matter.pack).clocks.get(clock.name)
    told = {"clock": setting.label if setting else clock.name, "matter": name_of(clock.matter)}
    if clock.stopped_at is None and clock.paused_at is not None:
        return _("%(clock)s (rests): %(matter)s") % told
    return _("%(clock)s: %(matter)s") % told


def _when(clock: Clock, zone: ZoneInfo) -> date | datetime:
    at = clock.due_at.astimezone(zone).replace(microsecond=0)
    return at.date() if clock.promised else at


def _status(clock: Clock) -> str:
    if clock.stopped_at is not None:
        return "CANCELLED"
    return "TENTATIVE" if clock.paused_at is not None else "CONFIRMED"
