"""Squares of the world, as web maps cut it, numbered so that a square's parts lie together.

The tiles of zoom ``z`` are 4^z; a point's cell interleaves the bits of its column and row at
`FINEST` (Morton order), so the parts of any coarser tile are one range of cells.
"""

from __future__ import annotations

import math

FINEST = 26  # about 0.6 m at the equator
_EDGE = 85.0511  # beyond it web maps do not draw


def _spread(value: int) -> int:
    found = 0
    for bit in range(FINEST):
        found |= (value >> bit & 1) << (2 * bit)
    return found


def column_and_row(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    """Return the tile of a point (degrees, WGS 84) at a zoom, in Web Mercator's numbering."""
    side = 1 << zoom
    sine = math.sin(math.radians(max(-_EDGE, min(_EDGE, latitude))))
    x = (longitude + 180) / 360
    y = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    return min(side - 1, max(0, int(x * side))), min(side - 1, max(0, int(y * side)))


def cell_of(longitude: float, latitude: float) -> int:
    """Return the cell of a point, at `FINEST`."""
    column, row = column_and_row(longitude, latitude, FINEST)
    return _spread(column) | _spread(row) << 1


def cells_within(column: int, row: int, zoom: int) -> tuple[int, int]:
    """Return the first cell of a tile, and the first one after it."""
    shift = 2 * (FINEST - zoom)
    code = _spread(column) | _spread(row) << 1
    return code << shift, (code + 1) << shift
