"""Who is in charge of an area: up the areas it is part of, up the tree of organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from linli.kernel.organisations.models import Membership, Organisation
from linli.kernel.packs.loading import pack_of
from linli.kernel.places.models import Area

if TYPE_CHECKING:
    from linli.kernel.packs.schema import PackContent

DEEPEST = 20  # levels of areas; a circle made by hand in the database ends here


class InCharge(NamedTuple):
    """A post that answers for a place, with names the public may read."""

    role: str  # its title, or the pack's label in the active language
    person: str
    organisation: Organisation


def chain_of(area: Area) -> list[Area]:
    """Return the area and those it is part of, the finest first; one query a level."""
    found, current = [area], area
    while current.parent_id is not None and len(found) < DEEPEST:
        current = Area.objects.defer("boundary").get(pk=current.parent_id)
        found.append(current)
    return found


def organisation_in_charge(area: Area) -> Organisation | None:
    """Return the organisation of the area, else of the nearest area it is part of."""
    return area_in_charge(area).organisation


def area_in_charge(area: Area) -> Area:
    """Return the nearest area with an organisation of its own, such as the grid of a building.

    The area itself where none has one.
    """
    for part in chain_of(area) if area.organisation_id is None else [area]:
        if part.organisation_id is not None:
            return part
    return area


def people_in_charge(area: Area) -> list[InCharge]:
    """Return who answers for an area, the nearest first.

    Organisations in charge of the area and of those it is part of, with everything above them in
    the tree. Only posts held today whose role is staff; in the order of the pack's roles.
    """
    organisations = _organisations(area)
    pack = pack_of(area.community)
    staff = [name for name, setting in pack.roles.items() if setting.staff]
    posts = (
        Membership.objects.current()
        .filter(organisation__in=organisations, role__in=staff, person__is_active=True)
        .select_related("person")
    )
    nearness = {pk: number for number, pk in enumerate(organisations)}
    ordered = sorted(
        posts,
        key=lambda post: (nearness[post.organisation_id], staff.index(post.role), post.pk),
    )
    return [
        InCharge(_label(post, pack), str(post.person), organisations[post.organisation_id])
        for post in ordered
    ]


def _organisations(area: Area) -> dict[int, Organisation]:
    """Return those in charge of the chain of areas, then all above them, the lowest first."""
    own = [part.organisation_id for part in chain_of(area) if part.organisation_id is not None]
    standing = Organisation.objects.standing()
    direct = standing.in_bulk(own)
    step = Organisation.steplen
    above = {row.path[:end] for row in direct.values() for end in range(step, len(row.path), step)}
    higher = standing.filter(path__in=above).order_by("-depth", "path")
    nearest_first = [direct[pk] for pk in own if pk in direct] + list(higher)
    return {organisation.pk: organisation for organisation in nearest_first}


def _label(post: Membership, pack: PackContent) -> str:
    return post.title or str(pack.roles[post.role].label)
