"""Which reporter is called next, and by whom: a claim that lapses by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from linli.kernel.access.relations import posts_in
from linli.kernel.matters.models import Matter
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.independence import matters_of_own_unit
from linli.mechanisms.casework.models import CallClaim

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

ROLE = "caller"
MOST_LOOKED_AT = 20  # claims that others snatch away before one gives up


def calls_for(person: Person, community: Community) -> QuerySet[Matter]:
    """Return what a person may call back about, the clock that falls due first on top.

    By the posts as caller at, or above, the desk or the unit; never about the own unit's work.
    """
    rows = Matter.objects.filter(_within_reach(person, community), community=community)
    rows = rows.filter(procedure="casework", stage="solved")
    rows = rows.exclude(matters_of_own_unit(person, community))
    return rows.order_by(F("due_at").asc(nulls_last=True), "pk")


def _within_reach(person: Person, community: Community) -> Q:
    found = Q(pk__in=[])
    for post in posts_in(person, community):
        if ROLE in post.roles:
            found |= Q(desk__path__startswith=post.path)
            found |= Q(responsible__path__startswith=post.path)
    return found


def waiting_calls(
    person: Person, community: Community, now: datetime | None = None
) -> QuerySet[Matter]:
    """Return those of `calls_for` to be called now: the interval is over, nobody else calls."""
    now = now or timezone.now()
    ready = Q(servicerequest__call_again_at__isnull=True) | Q(
        servicerequest__call_again_at__lte=now
    )
    others = Q(call_claim__until__gt=now) & ~Q(call_claim__person=person)
    return calls_for(person, community).filter(ready).exclude(others)


def claim_next(person: Person, community: Community, now: datetime | None = None) -> Matter | None:
    """Claim the call that presses most and return its matter; None where none waits."""
    now = now or timezone.now()
    mine = calls_for(person, community).filter(call_claim__person=person, call_claim__until__gt=now)
    if (held := mine.first()) is not None:
        return held
    for matter in waiting_calls(person, community, now)[:MOST_LOOKED_AT]:
        if claim(matter, person, now):
            return matter
    return None


def claim(matter: Matter, person: Person, now: datetime | None = None) -> bool:
    """Claim one call, or renew one's own claim; False where another was faster.

    One person calls one reporter at a time: an earlier claim is let go.
    """
    now = now or timezone.now()
    minutes = pack_of(matter.community).casework.call_back.claim_minutes
    until = now + timedelta(minutes=minutes)
    with transaction.atomic():
        CallClaim.objects.filter(person=person).exclude(matter=matter).delete()
        # One statement each, so that of two who come at once only one changes or makes the row.
        free = Q(person=person) | Q(until__lte=now)
        if CallClaim.objects.filter(free, matter=matter).update(person=person, until=until):
            return True
        try:
            with transaction.atomic():
                CallClaim.objects.create(matter=matter, person=person, until=until)
        except IntegrityError:
            return False
    return True


def let_go(matter: Matter, person: Person | None = None) -> None:
    """Let a call go: anybody's, or only that of one person."""
    rows = CallClaim.objects.filter(matter=matter)
    (rows if person is None else rows.filter(person=person)).delete()


def other_caller(matter: Matter, person: Person | None, now: datetime) -> Person | None:
    """Return who else holds the call now, or None. One query."""
    rows = CallClaim.objects.filter(matter=matter, until__gt=now).exclude(person=person)
    found = rows.select_related("person").first()
    return found.person if found else None


def is_caller(person: Person, community: Community) -> bool:
    """Whether a person holds the role of a caller anywhere in the community."""
    return any(ROLE in post.roles for post in posts_in(person, community))
