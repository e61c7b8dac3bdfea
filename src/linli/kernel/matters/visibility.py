"""Which matters a person may see: the rule of `access.audiences`, as a query.

A public matter is seen by all; one for named people only by those named, whatever their role;
any other by its reporters and those named for it, and by staff as far as their roles see:

- ``own``: responsible for it, on the own desk, or in an area of the own organisation;
- ``subtree``: also what lies with any organisation below;
- ``community``: everything.

Nothing else opens a matter: to be complained of does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from linli.kernel.access.relations import posts_in
from linli.kernel.matters.models import Audience, Matter, Participant
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import pack_of
from linli.kernel.places.models import Area

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

MOST_LISTED = 60  # organisations that a condition lists; beyond, it names the trees they lie in
PARTY_ROLES = (Participant.Role.REPORTER, Participant.Role.CO_REPORTER, Participant.Role.NAMED)


@dataclass(frozen=True)
class Scope:
    """How far a person's posts see within a community."""

    whole: bool = False
    organisations: frozenset[int] = frozenset()  # responsible for it, or its desk
    own: frozenset[int] = frozenset()  # where the posts themselves are
    areas: frozenset[int] = frozenset()  # in charge of which those are
    trees: tuple[str, ...] = ()  # paths of those that see all below them

    def __bool__(self) -> bool:
        return self.whole or bool(self.organisations)


def scope_of(person: Person | None, community: Community) -> Scope:
    """Return how far a person's posts see: at most two queries, kept on the person."""
    if person is None:
        return Scope()
    kept: dict[int, Scope] | None = getattr(person, "_scopes", None)
    if kept is None:
        kept = person._scopes = {}  # type: ignore[attr-defined]
    if community.pk not in kept:
        kept[community.pk] = _scope(person, community)
    return kept[community.pk]


def _scope(person: Person, community: Community) -> Scope:
    roles, own, trees = pack_of(community).roles, set(), set()
    for post in posts_in(person, community):
        sees = {roles[role].sees for role in post.roles if roles[role].staff}
        if "community" in sees:
            return Scope(whole=True, own=frozenset({post.organisation_id}))
        if sees:
            own.add(post.organisation_id)
        if "subtree" in sees:
            trees.add(post.path)
    below = set(_under(trees).values_list("pk", flat=True)) if trees else set()
    areas = Area.objects.filter(organisation__in=own).values_list("pk", flat=True) if own else []
    return Scope(
        False, frozenset(own | below), frozenset(own), frozenset(areas), tuple(sorted(trees))
    )


def _under(trees: Iterable[str]) -> QuerySet[Organisation]:
    under = Q()
    for path in trees:
        under |= Q(path__startswith=path)
    return Organisation.objects.filter(under)


def within_scope(scope: Scope) -> Q:
    """Return the condition on matters, or on their entries, that staff of a scope have charge of.

    A street sees hundreds of organisations: listed in every query, they took the time of it.
    """
    if scope.whole:
        return Q()
    if not scope:
        return Q(pk__in=[])
    named: Any = scope.organisations
    if len(named) > MOST_LISTED and scope.trees:
        own = Organisation.objects.filter(pk__in=scope.own)
        named = (_under(scope.trees) | own).values("pk")
    found = Q(responsible_id__in=named) | Q(desk_id__in=named)
    return found | Q(area_id__in=scope.areas) if scope.areas else found


def _takes_part(person: Person | None, *roles: str) -> Exists:
    return Exists(Participant.objects.filter(matter=OuterRef("pk"), person=person, role__in=roles))


def not_kept_from(person: Person | None) -> Q:
    """Return the condition that leaves out what is for named people only, unless named."""
    if person is None:
        return ~Q(audience=Audience.NAMED)
    return ~Q(audience=Audience.NAMED) | Q(is_named_for(person))


def is_named_for(person: Person | None) -> Exists:
    """Return the condition on matters, or on their entries, that a person is named for them."""
    return _takes_part(person, Participant.Role.NAMED)


def visible_to(person: Person | None, community: Community) -> QuerySet[Matter]:
    """Return the matters of a community that a person (None: anyone) may see."""
    rows = Matter.objects.filter(community=community)
    if person is None or not person.is_active:
        return rows.filter(audience=Audience.PUBLIC)
    party = Q(reporter=person) | Q(_takes_part(person, *PARTY_ROLES))
    seen = party | within_scope(scope_of(person, community))
    if scope_of(person, community).whole:
        seen = Q()
    return rows.filter(Q(audience=Audience.PUBLIC) | (seen & not_kept_from(person)))


def may_see(person: Person | None, matter: Matter) -> bool:
    """Whether a person may see one matter; one query besides those for the posts."""
    return visible_to(person, matter.community).filter(pk=matter.pk).exists()


def in_charge(person: Person | None, community: Community) -> QuerySet[Matter]:
    """Return the matters that lie with a person by the posts held: what an inbox draws from."""
    scope = scope_of(person, community)
    return Matter.objects.filter(within_scope(scope), not_kept_from(person), community=community)
