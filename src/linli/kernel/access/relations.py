"""How a person stands to a matter, from posts held today. Every permission is one of these.

=====================  =======================================================================
relation               who
=====================  =======================================================================
``public``             anyone, signed in or not
``reporter``           who brought the matter, or reported the same
``follower``           who follows or supports it
``named``              who is named for it
``responsible.ROLE``   holds the role in the organisation responsible for it
``desk.ROLE``          holds the role in the organisation whose desk it lies on
``above.ROLE``         holds the role in an organisation above the responsible one or the desk
``area.ROLE``          holds the role in the organisation in charge of its area
``community.ROLE``     holds the role anywhere in the community
``system``             Linli itself, in a background task
=====================  =======================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.db.models import DateTimeField
from django.utils import timezone

from linli.kernel.kept_queries import Given, KeptQuery
from linli.kernel.matters.models import Participant
from linli.kernel.organisations.models import Membership
from linli.kernel.packs.loading import content_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

SYSTEM: Literal["system"] = "system"

_held = KeptQuery(
    lambda: (
        Membership.objects.current(Given("now", DateTimeField()))
        .filter(person=Given("person"), organisation__dissolved_on__isnull=True)
        .select_related("organisation", "community__pack")
        .defer("community__pack__content")
    )
)
_taking_part = KeptQuery(
    lambda: Participant.objects.filter(matter=Given("matter"), person=Given("person")).only("role")
)


@dataclass(frozen=True)
class Post:
    """A membership held today, with what is needed to compare it with matters."""

    community_id: int
    organisation_id: int
    path: str
    role: str
    roles: frozenset[str]  # with all that the role includes
    staff: bool
    sees: frozenset[str]
    may: frozenset[str]


def posts_of(person: Person) -> tuple[Post, ...]:
    """Return the posts a person holds today; read once for each loaded person."""
    cached: tuple[Post, ...] | None = getattr(person, "_posts", None)
    if cached is None:
        held = _held(person=person.pk, now=timezone.now())
        cached = tuple(_post(membership) for membership in held)
        person._posts = cached  # type: ignore[attr-defined]
    return cached


def _post(membership: Membership) -> Post:
    pack = content_of(membership.community.pack)
    roles = pack.roles_within(membership.role)
    settings = [pack.roles[role] for role in roles]
    return Post(
        community_id=membership.community_id,
        organisation_id=membership.organisation_id,
        path=membership.organisation.path,
        role=membership.role,
        roles=roles,
        staff=any(setting.staff for setting in settings),
        sees=frozenset(setting.sees for setting in settings),
        may=frozenset(power for setting in settings for power in setting.may),
    )


def posts_in(person: Person | None, community: Community | None) -> tuple[Post, ...]:
    """Return the posts an active person holds in a community (in all when None)."""
    if person is None or not getattr(person, "pk", None) or not person.is_active:
        return ()
    return tuple(
        post for post in posts_of(person) if community is None or post.community_id == community.pk
    )


def is_staff(person: Person | None, community: Community | None = None) -> bool:
    """Whether the person holds any staff role (in the community, if given)."""
    return any(post.staff for post in posts_in(person, community))


def relation_of(person: Person | Literal["system"] | None, matter: Matter) -> frozenset[str]:
    """Return every relation in which the person stands to the matter.

    Costs one query for the person's posts (kept on the person) and one for participation.
    """
    if person == SYSTEM:
        return frozenset({"system"})
    if person is None or not person.is_active:
        return frozenset({"public"})
    found = {"public"}
    if matter.reporter_id == person.pk:
        found.add("reporter")
    found.update(_participations(person, matter))
    for post in posts_in(person, matter.community):
        found.update(_relations_of_post(post, matter))
    return frozenset(found)


def _participations(person: Person, matter: Matter) -> Iterable[str]:
    meaning = {
        Participant.Role.REPORTER: "reporter",
        Participant.Role.CO_REPORTER: "reporter",
        Participant.Role.SUPPORTER: "follower",
        Participant.Role.FOLLOWER: "follower",
        Participant.Role.NAMED: "named",
    }
    rows = _taking_part(matter=matter.pk, person=person.pk)
    return {meaning[Participant.Role(row.role)] for row in rows}


def _relations_of_post(post: Post, matter: Matter) -> Iterable[str]:
    anchors = {"community"}
    if matter.responsible_id == post.organisation_id:
        anchors.add("responsible")
    if matter.desk_id == post.organisation_id:
        anchors.add("desk")
    for organisation in (matter.responsible, matter.desk):
        if organisation is not None and _is_above(post.path, organisation.path):
            anchors.add("above")
    if matter.area_id and matter.area and matter.area.organisation_id == post.organisation_id:
        anchors.add("area")
    return {f"{anchor}.{role}" for anchor in anchors for role in post.roles}


def _is_above(path: str, other: str) -> bool:
    return len(path) < len(other) and other.startswith(path)


def relations_in(person: Person | Literal["system"] | None, community: Community) -> frozenset[str]:
    """Return the relations a person has before a matter exists: for starting one."""
    if person == SYSTEM:
        return frozenset({"system"})
    held = {f"community.{role}" for post in posts_in(person, community) for role in post.roles}
    return frozenset({"public"} | held)


def can(person: Person | None, power: str, community: Community) -> bool:
    """Whether a role of the person's in this community carries a power of the pack."""
    administers = power.startswith("administer") or power == "read_audit"
    if person is not None and person.is_active and person.is_administrator and administers:
        return True
    return any(power in post.may for post in posts_in(person, community))
