"""The index over all cells."""

import operator
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import shapely  # type: ignore[import-untyped]
from numpy.typing import ArrayLike, NDArray

from linli.engines.gridmap.geojson import polygon_from_geojson
from linli.engines.gridmap.polygons import Geometries, InvalidCell, Polygon, check_polygons

Cell = tuple[int, Polygon | Mapping[str, Any], int]
Points = NDArray[np.float64]
Indices = NDArray[np.int64]

NOWHERE = -1
_CHUNK = 1 << 16  # points at a time, which bounds the memory of candidate pairs
_TILES = 256  # a side: tile numbers fit 16 bits, which NumPy sorts by radix
_MANY_CORNERS = 32  # from here on, preparing a polygon pays for its memory


class GridMap:
    """Cells (id, polygon, priority), found by the points they hold.

    A polygon is a Shapely one or GeoJSON, in degrees of longitude and latitude. Where cells
    overlap the finest comes first: the highest priority, then the smallest area in square
    degrees, then the lowest id. A cell holds its boundary, so that a point between two cells
    goes by the same order, whatever the order they were given in.

    Raises InvalidCell for a bad polygon, an id below zero, beyond 63 bits or given twice, and
    TypeError for an id or a priority that is no whole number.
    A map is not changed after it is made and may be shared between threads.
    """

    def __init__(self, cells: Iterable[Cell]) -> None:
        ids, polygons, priorities = _read(cells)
        check_polygons(ids.tolist(), polygons)
        finest_first = np.lexsort((ids, shapely.area(polygons), -priorities))
        self._ids = ids[finest_first]
        self._polygons = polygons[finest_first]
        _prepare(self._polygons)
        self._tree = shapely.STRtree(self._polygons)

    def __len__(self) -> int:
        return len(self._ids)

    def locate(self, points: ArrayLike) -> Indices:
        """The id of the finest cell holding each point, int64 of shape (n,); -1 where none does.

        `points` are longitude, latitude in degrees, shape (n, 2). A point that is not finite or
        lies outside the world is nowhere. Raises ValueError for another shape.
        """
        where = _points(points)
        found = np.full(len(where), len(self._ids), dtype=np.int64)
        order = _neighbours_together(where, np.flatnonzero(_in_world(where)))
        for begin in range(0, len(order), _CHUNK):
            chunk = order[begin : begin + _CHUNK]
            point, cell = self._holding(where[chunk])
            np.minimum.at(found, chunk[point], cell)
        return np.append(self._ids, NOWHERE)[found]

    def locate_one(self, lon: float, lat: float) -> list[int]:
        """The ids of all cells holding the point, finest first."""
        where = _points([[lon, lat]])
        _, cell = self._holding(where[_in_world(where)])
        ids: list[int] = self._ids[np.sort(cell)].tolist()
        return ids

    def _holding(self, points: Points) -> tuple[Indices, Indices]:
        """Pairs of a point and a cell that holds it, as indices; cells count finest first."""
        point, cell = self._tree.query(shapely.points(points))
        x, y = points[point].T
        held = shapely.intersects_xy(self._polygons[cell], x, y)
        return point[held], cell[held]


def _read(cells: Iterable[Cell]) -> tuple[Indices, Geometries, Indices]:
    ids: list[int] = []
    polygons: list[Polygon] = []
    priorities: list[int] = []
    for cell_id, polygon, priority in cells:
        ids.append(_number(cell_id))
        priorities.append(operator.index(priority))
        is_geojson = isinstance(polygon, Mapping)
        polygons.append(polygon_from_geojson(polygon, cell_id) if is_geojson else polygon)
    _refuse_repeated(ids)
    geometries = np.empty(len(polygons), dtype=object)
    geometries[:] = polygons
    return np.array(ids, dtype=np.int64), geometries, np.array(priorities, dtype=np.int64)


def _number(cell_id: int) -> int:
    number = operator.index(cell_id)
    if not 0 <= number < 1 << 63:
        raise InvalidCell(cell_id, "an id is a whole number from 0, of at most 63 bits")
    return number


def _refuse_repeated(ids: list[int]) -> None:
    numbers, times = np.unique(np.array(ids, dtype=np.int64), return_counts=True)
    if len(numbers) < len(ids):
        raise InvalidCell(int(numbers[np.argmax(times > 1)]), "given more than once")


def _prepare(polygons: Geometries) -> None:
    intricate = polygons[shapely.get_num_coordinates(polygons) >= _MANY_CORNERS]
    shapely.prepare(intricate)
    # GEOS completes a prepared polygon at its first question, which threads must not race for.
    west, south, _, _ = shapely.bounds(intricate).T
    shapely.intersects_xy(intricate, west, south)


def _points(points: ArrayLike) -> Points:
    where = np.asarray(points, dtype=np.float64)
    if where.size == 0:
        return where.reshape(0, 2)
    if where.ndim != 2 or where.shape[1] != 2:
        raise ValueError(f"points have the shape (n, 2), not {where.shape}")
    return where


def _in_world(points: Points) -> NDArray[np.bool_]:
    lon, lat = np.abs(points.T)
    inside: NDArray[np.bool_] = (lon <= 180.0) & (lat <= 90.0)
    return inside


def _neighbours_together(points: Points, chosen: Indices) -> Indices:
    """The chosen points in an order that walks the map in tiles, kind to the memory caches."""
    if not len(chosen):
        return chosen
    known = points[chosen]
    low = known.min(axis=0)
    span = np.maximum(known.max(axis=0) - low, np.finfo(np.float64).tiny)
    tile = np.minimum((known - low) / span * _TILES, _TILES - 1).astype(np.uint16)
    order: Indices = chosen[np.argsort(tile[:, 1] * _TILES + tile[:, 0], kind="stable")]
    return order
