"""The ground of a demo neighbourhood: irregular blocks that share their streets, houses, a lake.

Everything is reckoned in metres east and north of the middle and turned into degrees at the end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shapely.affinity import scale, translate
from shapely.geometry import Point, Polygon
from shapely.ops import unary_union

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS, ROWS = 4, 3
BLOCK_WIDE, BLOCK_HIGH = 310.0, 265.0  # metres
STEPS = 6  # corners on each side of a block
METRES_A_DEGREE = 111_320.0
PROMENADE = 14.0  # metres of path around the lake, of the grid that looks after it
SHORE = 26.0  # metres that houses keep from the water


@dataclass(frozen=True)
class Block:
    """The ground of one grid: its outline, its houses, and points along its street."""

    outline: Polygon
    houses: tuple[Polygon, ...]
    kerb: tuple[Point, ...]


@dataclass(frozen=True)
class Ground:
    """All blocks, the lake, and the way back to degrees."""

    blocks: tuple[Block, ...]
    lake: Polygon
    centre: tuple[float, float]

    def degrees(self, point: Point) -> tuple[float, float]:
        """Return longitude and latitude (WGS 84) of a point in metres."""
        longitude, latitude = _to_degrees(self.centre, point.x, point.y)
        return round(longitude, 6), round(latitude, 6)

    def geojson(self, shape: Polygon) -> dict[str, Any]:
        """Return a shape in metres as GeoJSON in degrees."""
        ring = [list(self.degrees(Point(corner))) for corner in shape.exterior.coords]
        return {"type": "Polygon", "coordinates": [ring]}

    @property
    def outline(self) -> Polygon:
        """The ground of the whole community."""
        return _one(unary_union([block.outline.buffer(0.5) for block in self.blocks]))


def draw(centre: tuple[float, float], houses: list[int]) -> Ground:
    """Draw one block for each number of houses, at most twelve; the last block holds the lake."""
    lake = _lake()
    cells = [(column, row) for row in reversed(range(ROWS)) for column in range(COLUMNS)]
    blocks = []
    for number, count in enumerate(houses):
        column, row = cells[number]
        plain, last = _cell(column, row), number == len(houses) - 1
        outline = _one(
            unary_union([plain, lake.buffer(PROMENADE)])
            if last
            else plain.difference(lake.buffer(PROMENADE))
        )
        ground = outline.difference(lake.buffer(SHORE))
        built = _houses(column, row, count, ground)
        blocks.append(Block(outline, tuple(built), tuple(_kerb(column, row, ground))))
    return Ground(tuple(blocks), lake, centre)


def _to_degrees(centre: tuple[float, float], x: Any, y: Any) -> tuple[Any, Any]:
    per_longitude = METRES_A_DEGREE * math.cos(math.radians(centre[1]))
    return centre[0] + x / per_longitude, centre[1] + y / METRES_A_DEGREE


def _bent(u: float, v: float) -> tuple[float, float]:
    """Return where a crossing of the plain chessboard lies: streets follow old footpaths."""
    x = (u - COLUMNS / 2) * BLOCK_WIDE + 38 * math.sin(1.3 * v + 0.4) + 16 * math.sin(2.6 * u + v)
    y = (v - ROWS / 2) * BLOCK_HIGH + 42 * math.sin(0.9 * u + 0.5) + 14 * math.sin(2.2 * v - u)
    return x, y


def _cell(column: int, row: int) -> Polygon:
    sides = [part / STEPS for part in range(STEPS)]
    ring = [_bent(column + part, row) for part in sides]
    ring += [_bent(column + 1, row + part) for part in sides]
    ring += [_bent(column + 1 - part, row + 1) for part in sides]
    ring += [_bent(column, row + 1 - part) for part in sides]
    return Polygon(ring)


def _lake() -> Polygon:
    """Return the lake in the south-east corner: two basins that flow together."""
    x, y = _bent(3.58, 0.2)
    basin = scale(Point(x, y).buffer(135, quad_segs=10), 1.2, 0.85)
    bay = scale(translate(Point(x, y).buffer(88, quad_segs=8), -125, 48), 1.15, 0.8)
    return _one(unary_union([basin, bay]).simplify(2))


def _houses(column: int, row: int, count: int, ground: Any) -> list[Polygon]:
    built: list[Polygon] = []
    for u, v in _sites():
        if len(built) == count:
            break
        corners = [(u, v), (u + 0.24, v), (u + 0.24, v + 0.11), (u, v + 0.11)]
        house = Polygon([_bent(column + a, row + b) for a, b in corners])
        if ground.contains(house):
            built.append(house)
    return built


def _sites() -> Iterator[tuple[float, float]]:
    for v in (0.68, 0.42, 0.16, 0.82):
        for u in (0.08, 0.38, 0.68):
            yield u, v


def _kerb(column: int, row: int, ground: Any) -> Iterator[Point]:
    """Yield points a few metres inside the block along its streets."""
    for part in range(1, 12):
        for u, v in ((part / 12, 0.03), (part / 12, 0.97), (0.03, part / 12)):
            point = Point(_bent(column + u, row + v))
            if ground.contains(point):
                yield point


def _one(shape: Any) -> Polygon:
    """Return the largest polygon of a shape, without holes."""
    parts = getattr(shape, "geoms", [shape])
    return Polygon(max(parts, key=lambda part: part.area).exterior)
