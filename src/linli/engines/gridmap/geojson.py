"""Reading a cell's boundary from GeoJSON (RFC 7946), with plain words for what is wrong."""

import math
from collections.abc import Mapping
from reprlib import repr as short
from typing import Any

import numpy as np
import shapely  # type: ignore[import-untyped]

from linli.engines.gridmap.polygons import InvalidCell, Polygon, check_polygons

Position = tuple[float, float]


def polygon_from_geojson(obj: Mapping[str, Any], cell_id: object = None) -> Polygon:
    """The polygon of a GeoJSON Polygon or MultiPolygon, or of a Feature holding one.

    Positions are longitude, latitude in degrees (WGS 84); a height is dropped. Raises
    InvalidCell, naming `cell_id`, for anything else: rings of less than three corners, unclosed,
    crossing themselves or each other, nothing at all, or coordinates out of range.
    """
    try:
        polygon = _polygon(obj)
    except _Fault as fault:
        raise InvalidCell(cell_id, str(fault)) from None
    check_polygons([cell_id], np.array([polygon], dtype=object))
    return polygon


class _Fault(Exception):
    """What is wrong, before it is known with which cell."""


def _polygon(obj: object) -> Polygon:
    if not isinstance(obj, Mapping):
        raise _Fault(f"GeoJSON is an object, not {type(obj).__name__}")
    kind = obj.get("type")
    if kind == "Feature":
        return _polygon(obj.get("geometry"))
    coordinates = obj.get("coordinates")
    if kind == "Polygon":
        return _part(coordinates)
    if kind == "MultiPolygon":
        return shapely.MultiPolygon([_part(part) for part in _list(coordinates, "polygons")])
    raise _Fault(f"a cell is a Polygon or MultiPolygon, not {short(kind)}")


def _part(coordinates: object) -> shapely.Polygon:
    shell, *holes = (_ring(ring) for ring in _list(coordinates, "rings"))
    return shapely.Polygon(shell, holes)


def _ring(coordinates: object) -> list[Position]:
    ring = [_position(position) for position in _list(coordinates, "positions")]
    if ring[0] != ring[-1]:
        raise _Fault("a ring is not closed: its last position must repeat the first")
    if len(set(ring)) < 3:
        raise _Fault("a ring has less than three corners")
    return ring


def _position(position: object) -> Position:
    if not isinstance(position, list | tuple) or len(position) < 2:
        raise _Fault(f"a position is [longitude, latitude], not {short(position)}")
    if not all(_is_number(axis) for axis in position[:2]):
        raise _Fault(f"a coordinate is not a finite number: {short(position)}")
    return float(position[0]), float(position[1])


def _is_number(axis: object) -> bool:
    if isinstance(axis, bool) or not isinstance(axis, int | float):
        return False
    return math.isfinite(axis)


def _list(value: object, of_what: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise _Fault(f"expected a list of {of_what}, not {short(value)}")
    if not value:
        raise _Fault("the polygon is empty")
    return list(value)
