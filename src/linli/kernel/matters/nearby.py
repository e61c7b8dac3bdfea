"""The open matters around a point: a bounded look into the index the map uses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import FloatField, Q

from linli.kernel.kept_queries import Given, KeptRows
from linli.kernel.matters.cells import FINEST, cells_within, column_and_row
from linli.kernel.matters.entries import SearchEntry

if TYPE_CHECKING:
    from django.db.models import QuerySet

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
    cells = _cells(longitude, latitude, *box)
    listed = _listed(len(cells), public)(
        community=community.pk,
        west=longitude - box[0],
        east=longitude + box[0],
        south=latitude - box[1],
        north=latitude + box[1],
        **{f"low{n}": low for n, (low, _high) in enumerate(cells)},
        **{f"high{n}": high for n, (_low, high) in enumerate(cells)},
    )
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


@cache
def _listed(ranges: int, public: bool) -> KeptRows:
    """Return the query for so many ranges of cells."""
    within = Q(pk__in=[])
    for n in range(ranges):
        within |= Q(cell__gte=Given(f"low{n}"), cell__lt=Given(f"high{n}"))

    def build() -> QuerySet[SearchEntry, Any]:
        rows = SearchEntry.objects.filter(
            within,
            community=Given("community"),
            is_open=True,
            longitude__gte=Given("west", FloatField()),
            longitude__lte=Given("east", FloatField()),
            latitude__gte=Given("south", FloatField()),
            latitude__lte=Given("north", FloatField()),
        )
        if public:
            rows = rows.filter(is_public=True)
        return rows.order_by("-pk").values_list("pk", "longitude", "latitude")[:MOST_LOOKED_AT]

    return KeptRows(build)


def _cells(longitude: float, latitude: float, east: float, north: float) -> list[tuple[int, int]]:
    """Return a few ranges of cells that cover the box, each with the first beyond it."""
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
    found: list[tuple[int, int]] = []
    for low, high in ranges:
        if found and found[-1][1] == low:
            found[-1] = (found[-1][0], high)
        else:
            found.append((low, high))
    return found


def _level(latitude: float, north: float) -> int:
    """Return the finest level at which three tiles side by side cover the box."""
    side = max(1.0, north * _DEGREE)  # half the box: it lies in at most three tiles then
    width = _EQUATOR * max(0.01, math.cos(math.radians(latitude)))
    return max(0, min(FINEST, int(math.log2(width / side))))
