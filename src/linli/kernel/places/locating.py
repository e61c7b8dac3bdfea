"""From a point, an address or a doorway code to the area and the people in charge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linli.kernel.places.models import Address, Area

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community


@dataclass(frozen=True)
class Location:
    """What is known of a place; everything may be missing."""

    area: Area | None = None
    address: Address | None = None
    longitude: float | None = None
    latitude: float | None = None
    text: str = ""


def locate(
    community: Community,
    *,
    longitude: float | None = None,
    latitude: float | None = None,
    address: str = "",
    doorway: str = "",
) -> Location:
    """Return what is known of a place given by doorway code, point or address text."""
    found = Address.objects.select_related("area").filter(
        community=community, doorway_code=doorway or None
    ).first()
    if found:
        return Location(found.area, found, found.longitude, found.latitude, found.text)
    return Location(None, None, longitude, latitude, address)
