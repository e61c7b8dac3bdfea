"""What makes a polygon a cell."""

from collections.abc import Sequence

import numpy as np
import shapely  # type: ignore[import-untyped]
from numpy.typing import NDArray

Polygon = shapely.Polygon | shapely.MultiPolygon
Geometries = NDArray[np.object_]

_AREAL = [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON]
_WORLD = np.array([-180.0, -90.0, 180.0, 90.0])


class InvalidCell(ValueError):
    """A cell whose boundary encloses no definite area; says which, and what is wrong."""

    def __init__(self, cell_id: object, reason: str) -> None:
        super().__init__(f"cell {cell_id}: {reason}" if cell_id is not None else reason)
        self.cell_id = cell_id
        self.reason = reason


def check_polygons(cell_ids: Sequence[object], geometries: Geometries) -> None:
    """Raise InvalidCell for the first geometry that is no valid polygon in degrees.

    Valid is as OGC Simple Features has it (no ring crosses itself or another); longitudes lie
    within ±180 and latitudes within ±90.
    """
    drawn = shapely.is_geometry(geometries)
    shapes = geometries.copy()
    shapes[~drawn] = None
    sound = (
        drawn
        & np.isin(shapely.get_type_id(shapes), _AREAL)
        & ~shapely.is_empty(shapes)
        & _within_world(shapely.bounds(shapes))
        & shapely.is_valid(shapes)
    )
    if not sound.all():
        first = int(np.argmin(sound))
        raise InvalidCell(cell_ids[first], _what_is_wrong(geometries[first]))


def _within_world(bounds: NDArray[np.float64]) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = np.all(
        (bounds[:, :2] >= _WORLD[:2]) & (bounds[:, 2:] <= _WORLD[2:]), axis=1
    )
    return inside


def _out_of_range(bounds: NDArray[np.float64]) -> str:
    if not np.isfinite(bounds).all():
        return "a coordinate is not a finite number"
    swapped = bounds[[1, 0, 3, 2]]
    if _within_world(swapped[None, :])[0]:
        return "latitudes beyond ±90: longitude and latitude seem to be swapped"
    return "longitudes must lie within ±180 and latitudes within ±90"


def _what_is_wrong(geometry: object) -> str:
    if not isinstance(geometry, shapely.Polygon | shapely.MultiPolygon):
        return f"a cell is a Polygon or MultiPolygon, not {type(geometry).__name__}"
    if geometry.is_empty:
        return "the polygon is empty"
    bounds = np.array(geometry.bounds)
    if not _within_world(bounds[None, :])[0]:
        return _out_of_range(bounds)
    return f"not a valid polygon: {shapely.is_valid_reason(geometry)}"
