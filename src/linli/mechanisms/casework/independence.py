"""Who is of the unit a request lies with: such a person takes no part in judging its work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext

from linli.kernel.access.relations import posts_in
from linli.kernel.organisations.models import Organisation
from linli.kernel.procedures.errors import InvalidFacts

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person


def is_of_unit(person: Person | None, unit: Organisation | None, matter: Matter) -> bool:
    """Whether a person works in a unit, or in a part of it.

    The desk of a matter is no part of the unit, though it may lie below it in the tree; a desk
    that itself is the unit is.
    """
    if person is None or unit is None:
        return False
    return any(
        post.organisation_id == unit.pk
        or (post.path.startswith(unit.path) and post.organisation_id != matter.desk_id)
        for post in posts_in(person, matter.community)
        if post.staff
    )


def matters_of_own_unit(person: Person, community: Community) -> Q:
    """Return the condition on matters whose unit a person works in; as `is_of_unit` says."""
    found = Q(pk__in=[])
    steps = Organisation.steplen
    for post in posts_in(person, community):
        if post.staff:
            above = [post.path[:end] for end in range(steps, len(post.path), steps)]
            part = Q(responsible__path__in=above) & ~Q(desk=post.organisation_id)
            found |= Q(responsible=post.organisation_id) | part
    return found


def refuse_own_unit(person: Person | None, unit: Organisation | None, matter: Matter) -> None:
    """Raise InvalidFacts for who is of the unit whose work is judged."""
    if is_of_unit(person, unit, matter):
        sentence = gettext("You are of the unit that did the work; somebody else must do this.")
        raise InvalidFacts({"__all__": [sentence]})
