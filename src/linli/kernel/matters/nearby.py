"""The open matters around a point: a bounded look into the index the map uses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from linli.kernel.matters.cells import FINEST, cells_within, column_and_row
from linli.kernel.matters.entries import SearchEntry

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community

MOST_LOOKED_AT = 300
DEGREES = 3  # decimals of a place as the public knows it: some 100 m
_ROUNDED = 0.5 * 10**-DEGREES
_EQUATOR = 40_075_017.0  # metres
_DEGREE = 111_320.0  # metres


@dataclass(frozen=True)
class Near:
    """A matter's key and where it is, in degrees; rounded where the public asks."""

    key: int
    longitude: float
    latitude: float


def open_around(
    community: Community, longitude: float, latitude: float, metres: float, *, public: bool
) -> list[Near]:
    """Return open matters in a box of ±``metres`` around a point, the newest first. One query.

    At most `MOST_LOOKED_AT`. ``public``: those anyone may see alone, at the place the public
    knows, so that no sequence of questions finds out a place more exactly than it is published.
    """
    east = metres / (_DEGREE * max(0.01, math.cos(math.radians(latitude))))
    north = metres / _DEGREE
    wider = _ROUNDED if public else 0.0
    box = (east + wider, north + wider)
    rows = SearchEntry.objects.filter(
        _cells(longitude, latitude, *box),
        community=community,
        is_open=True,
        longitude__gte=longitude - box[0],
        longitude__lte=longitude + box[0],
        latitude__gte=latitude - box[1],
        latitude__lte=latitude + box[1],
    )
    if public:
        rows = rows.filter(is_public=True)
    listed = rows.order_by("-pk").values_list("pk", "longitude", "latitude")[:MOST_LOOKED_AT]
    places = [(key, x or 0.0, y or 0.0) for key, x, y in listed]
    found = [
        Near(key, round(x, DEGREES), round(y, DEGREES)) if public else Near(key, x, y)
        for key, x, y in places
    ]
    return [
        one
        for one in found
        if abs(one.longitude - longitude) <= east and abs(one.latitude - latitude) <= north
    ]


def _cells(longitude: float, latitude: float, east: float, north: float) -> Q:
    """Return the condition on cells: a few ranges of tiles that cover the box."""
    level = _level(latitude, north)
    left, top = column_and_row(max(-180.0, longitude - east), min(90.0, latitude + north), level)
    right, bottom = column_and_row(
        min(180.0, longitude + east), max(-90.0, latitude - north), level
    )
    ranges = sorted(
        cells_within(column, row, level)
        for column in range(left, right + 1)
        for row in range(top, bottom + 1)
    )
    within = Q(pk__in=[])
    while ranges:
        low, high = ranges.pop(0)
        while ranges and ranges[0][0] == high:
            high = ranges.pop(0)[1]
        within |= Q(cell__gte=low, cell__lt=high)
    return within


def _level(latitude: float, north: float) -> int:
    """Return the finest level at which three tiles side by side cover the box."""
    side = max(1.0, north * _DEGREE)  # half the box: it lies in at most three tiles then
    width = _EQUATOR * max(0.01, math.cos(math.radians(latitude)))
    return max(0, min(FINEST, int(math.log2(width / side))))
