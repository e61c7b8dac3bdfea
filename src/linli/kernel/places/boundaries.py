"""The map of a community's areas, kept in each process until a boundary changes."""

from __future__ import annotations

import copy
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from linli.engines.gridmap import GridMap
from linli.kernel.identifiers import new_uuid
from linli.kernel.kept_queries import Given, KeptQuery
from linli.kernel.places.models import Area, Boundaries

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community

MAPS_KEPT = 32


@dataclass(frozen=True)
class _Kept:
    stamp: str
    grid_map: GridMap
    areas: dict[int, Area]


# By community, the one asked for last at the end.
_kept: OrderedDict[int, _Kept] = OrderedDict()
_lock = Lock()
_stamp = KeptQuery(lambda: Boundaries.objects.filter(pk=Given("community")))


def boundaries_version(community: Community) -> str:
    """Return a stamp that changes with every change of the community's areas; for ETags too.

    Empty while the community has no areas. One query by primary key.
    """
    found = _stamp.first(community=community.pk)
    return found.stamp.hex if found else ""


def boundaries_changed(community_id: int) -> None:
    """Let every process draw its map anew; for writes of areas that pass by `Area.save`.

    Call it in the transaction of the write: the stamp then becomes visible with the areas.
    """
    Boundaries.objects.update_or_create(pk=community_id, defaults={"stamp": new_uuid()})


def areas_at(community: Community, longitude: float, latitude: float) -> list[Area]:
    """Return the areas that hold a point (degrees, WGS 84), the finest first.

    One small query while the map is current. The areas are copies without their boundary.
    """
    stamp = boundaries_version(community)
    if not stamp:
        return []
    kept = _current(community, stamp)
    return [copy.copy(kept.areas[pk]) for pk in kept.grid_map.locate_one(longitude, latitude)]


def _current(community: Community, stamp: str) -> _Kept:
    """Return the map of a stamp. Areas are read after the stamp: never older than it says."""
    with _lock:
        kept = _kept.get(community.pk)
        if kept is None or kept.stamp != stamp:
            kept = _kept[community.pk] = _draw(community, stamp)
        _kept.move_to_end(community.pk)
        while len(_kept) > MAPS_KEPT:
            _kept.popitem(last=False)
        return kept


def _draw(community: Community, stamp: str) -> _Kept:
    cells, areas = [], {}
    for area in Area.objects.filter(community=community, boundary__isnull=False).iterator():
        cells.append((area.pk, area.boundary, area.level))
        area.boundary = None  # memory: the index holds the polygon
        areas[area.pk] = area
    return _Kept(stamp, GridMap(cells), areas)


def note_change(sender: Any, instance: Area, **kwargs: Any) -> None:
    """Receive that an area was saved or deleted."""
    boundaries_changed(instance.community_id)
