"""What the pages of casework read. Each states how many queries it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from linli.kernel.deadlines.models import Clock
from linli.kernel.matters.models import Audience, Matter
from linli.kernel.matters.pages import newest_first
from linli.kernel.packs.loading import content_of
from linli.kernel.procedures.models import Performed

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.kernel.events.models import Event
    from linli.kernel.matters.pages import Page
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

RELATED = ("community__pack", "responsible", "area", "servicerequest", "pack")
LARGE = ("community__pack__content", "pack__content", "area__boundary")


def public_requests(community: Community) -> QuerySet[Matter]:
    """Return what the public may see; nothing else ever reaches the board."""
    return Matter.objects.filter(
        community=community, procedure="casework", audience=Audience.PUBLIC
    )


def public_request(community: Community, number: str) -> Matter | None:
    """Return one public request, or None: also when it exists and is not public. One query."""
    rows = public_requests(community).filter(number=number.upper())
    return rows.select_related(*RELATED).defer(*LARGE).first()


def own_requests(person: Person, cursor: str = "") -> Page[Matter]:
    """Return a page of what a person reported, newest first. One query, two with a cursor."""
    rows = Matter.objects.filter(procedure="casework", reporter=person)
    return newest_first(rows.select_related("servicerequest", "responsible"), cursor)


def own_request(person: Person, number: str) -> Matter | None:
    """Return a request the person reported, alone or with others. One query."""
    rows = Matter.objects.filter(procedure="casework", number=number.upper())
    mine = Q(reporter=person) | Q(
        participants__person=person, participants__role__in=("reporter", "co_reporter")
    )
    return rows.filter(mine).select_related(*RELATED).defer(*LARGE).first()


def running_clocks(matter: Matter) -> list[tuple[Clock, str]]:
    """Return the clocks that run on a matter with their labels, soonest first. One query."""
    settings = content_of(matter.pack).clocks
    rows = Clock.objects.filter(matter=matter, stopped_at__isnull=True).order_by("due_at")
    return [(row, str(settings[row.name].label)) for row in rows if row.name in settings]


def sent_before(community: Community, person: Person | None, key: str) -> Event | None:
    """Return what a submission key already began, or None. One query.

    A form sent twice with pictures stores them anew, so `begin` would take it for another one.
    """
    scope = f"person:{person.pk}" if person is not None else "public"
    rows = Performed.objects.filter(scope=f"{scope}@{community.pk}", key=key)
    found = rows.select_related("event__matter__reporter").first()
    return found.event if found else None
