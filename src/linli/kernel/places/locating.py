"""From a point, an address or a doorway code to the area and the people in charge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linli.kernel.places.addresses import match_address
from linli.kernel.places.boundaries import areas_at
from linli.kernel.places.charge import organisation_in_charge
from linli.kernel.places.doorways import clean_doorway_code
from linli.kernel.places.models import Address, Area

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community, Organisation


@dataclass(frozen=True)
class Location:
    """What is known of a place; everything may be missing.

    ``suggestions`` are the addresses a text may mean when it means no single one.
    """

    area: Area | None = None
    address: Address | None = None
    longitude: float | None = None
    latitude: float | None = None
    text: str = ""
    suggestions: tuple[Address, ...] = ()

    @property
    def organisation(self) -> Organisation | None:
        """The organisation in charge there."""
        return organisation_in_charge(self.area) if self.area else None


def locate(
    community: Community,
    *,
    longitude: float | None = None,
    latitude: float | None = None,
    address: str = "",
    doorway: str = "",
) -> Location:
    """Return what is known of a place given by point, doorway code or address text.

    The finest area that holds the point decides; a point in no area, or none at all, leaves it
    to the doorway, then to the address. Coordinates are degrees, WGS 84. One small query for a
    point, one for a doorway, at most two for an address text.
    """
    found, suggestions = _address(community, address, doorway)
    area = found.area if found else _common_area(suggestions)
    if longitude is None or latitude is None:
        longitude, latitude = (found.longitude, found.latitude) if found else (None, None)
    elif holding := areas_at(community, longitude, latitude):
        area = holding[0]
    text = address or (found.text if found else "")
    return Location(area, found, longitude, latitude, text, tuple(suggestions))


def _address(community: Community, text: str, doorway: str) -> tuple[Address | None, list[Address]]:
    if doorway.strip():
        rows = Address.objects.select_related("area").filter(community=community)
        return rows.filter(doorway_code=clean_doorway_code(doorway)).first(), []
    return match_address(community, text) if text.strip() else (None, [])


def _common_area(suggestions: list[Address]) -> Area | None:
    """Return the area in which every address lies that a text may mean."""
    areas = {address.area_id for address in suggestions}
    return suggestions[0].area if len(areas) == 1 else None
