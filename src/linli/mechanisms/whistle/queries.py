"""What the pages of whistles read. Each states how many queries it costs."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Q

from linli.kernel.access.relations import posts_in
from linli.kernel.events.models import Event
from linli.kernel.matters.models import Audience, Matter
from linli.kernel.matters.pages import newest_first
from linli.kernel.matters.queries import in_charge
from linli.mechanisms.whistle.attendance import Attendance, state_of
from linli.mechanisms.whistle.models import Whistle, WhistleCall, WhistleDuty
from linli.mechanisms.whistle.stages import AWAITED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from linli.kernel.matters.pages import Page
    from linli.kernel.organisations.models import Community, Organisation
    from linli.kernel.people.models import Person

RELATED = ("whistle", "desk", "area", "pack", "community")
LARGE = ("pack__content", "area__boundary")
MOST_TO_ANSWER = 50
MOST_OF_A_UNIT = 20


def whistle_of(matter: Matter) -> Whistle | None:
    """Return the whistle a matter is, or belongs to; None for others. One query."""
    keys = {
        "whistle": Q(matter=matter.pk),
        "whistle_call": Q(calls__matter=matter.pk),
        "whistle_duty": Q(duties__matter=matter.pk),
    }
    if matter.procedure not in keys:
        return None
    rows = Whistle.objects.select_related(
        "matter__desk", "matter__responsible", "matter__area", "matter__community"
    )
    return rows.defer("matter__area__boundary").filter(keys[matter.procedure]).first()


def to_answer(person: Person, community: Community) -> list[Attendance]:
    """Return the calls a person's own posts can answer, the nearest clock first. One query."""
    own = {post.organisation_id for post in posts_in(person, community) if "handler" in post.roles}
    if not own:
        return []
    rows = WhistleCall.objects.filter(
        matter__community=community, matter__responsible__in=own, matter__stage__in=AWAITED
    ).select_related("matter__responsible", "matter__area", "matter__pack", "whistle__matter__desk")
    rows = rows.defer("matter__pack__content", "matter__area__boundary")
    found = rows.order_by("matter__due_at", "pk")[:MOST_TO_ANSWER]
    return [Attendance(call, state_of(call)) for call in found]


def whistles_for(person: Person, community: Community, cursor: str = "") -> Page[Matter]:
    """Return a page of the whistles a person has to do with, newest first.

    Those in their charge, and those that called a department in their charge. At most three
    queries.
    """
    mine = in_charge(person, community).filter(procedure__in=("whistle", "whistle_call"))
    called = WhistleCall.objects.filter(matter__in=mine.order_by()).values("whistle")
    rows = Matter.objects.filter(
        Q(pk__in=mine.filter(procedure="whistle").values("pk")) | Q(pk__in=called),
        community=community,
        procedure="whistle",
    )
    return newest_first(rows.select_related(*RELATED).defer(*LARGE), cursor)


def may_read(person: Person, whistle: Whistle) -> bool:
    """Whether staff may read a whistle: theirs, or one that called a department of theirs.

    One query besides those for the posts.
    """
    mine = in_charge(person, whistle.matter.community)
    return mine.filter(
        Q(pk=whistle.pk) | Q(whistlecall__whistle=whistle.pk) | Q(whistleduty__whistle=whistle.pk)
    ).exists()


def lines_by_whistle(matters: Iterable[Matter]) -> dict[int, list[Attendance]]:
    """Return the attendance of several whistles by their keys. One query."""
    keys = [matter.pk for matter in matters]
    found: dict[int, list[Attendance]] = defaultdict(list)
    rows = WhistleCall.objects.filter(whistle__in=keys).select_related("matter__responsible")
    for call in rows.order_by("pk"):
        found[call.whistle_id].append(Attendance(call, state_of(call)))
    return found


def duties_of(whistle: Whistle) -> list[WhistleDuty]:
    """Return what was agreed, the first day first. One query."""
    rows = whistle.duties.select_related("matter__responsible", "matter__pack")
    return list(rows.defer("matter__pack__content").order_by("due_on", "pk"))


def supplements_of(whistle: Whistle) -> list[Event]:
    """Return what departments added to the joint record, the oldest first. One query."""
    rows = Event.objects.filter(
        matter__whistlecall__whistle=whistle.pk, kind="whistle_call.supplemented"
    )
    return list(rows.select_related("organisation").order_by("at", "pk"))


def missed_by(unit: Organisation) -> list[WhistleCall]:
    """Return the latest whistles at which a department was not there in time. One query."""
    rows = WhistleCall.objects.filter(matter__responsible=unit, missed=True)
    rows = rows.select_related("matter__area", "whistle__matter__desk")
    return list(rows.defer("matter__area__boundary").order_by("-pk")[:MOST_OF_A_UNIT])


# --- what anyone may see --------------------------------------------------------------------
def public_whistles(community: Community) -> QuerySet[Matter]:
    """Return the whistles anyone may see."""
    return Matter.objects.filter(community=community, procedure="whistle", audience=Audience.PUBLIC)


def public_page(community: Community, cursor: str = "") -> Page[Matter]:
    """Return a page of the public whistles, newest first. One query, two with a cursor."""
    return newest_first(public_whistles(community).select_related(*RELATED).defer(*LARGE), cursor)


def public_whistle(community: Community, number: str) -> Matter | None:
    """Return one public whistle, or None: also when it exists and is not public. One query."""
    rows = public_whistles(community).filter(number=number.upper())
    return rows.select_related(*RELATED).defer(*LARGE).first()
