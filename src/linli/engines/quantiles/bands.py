"""The bands: each whole number up to 20 its own, then each a tenth wider than where it begins."""

from __future__ import annotations

from bisect import bisect_left
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_GROWTH = 1.1
_LARGEST = 5_300_000  # minutes: more than ten years around the clock; longer ones count as this


def _upper_edges() -> tuple[int, ...]:
    edges = [0]
    while edges[-1] < _LARGEST:
        edges.append(max(edges[-1] + 1, int(edges[-1] * _GROWTH)))
    return tuple(edges)


_EDGES = _upper_edges()  # the largest value of each band
BANDS = len(_EDGES)
# (high - low) / (high + low) of a band, where high is at most a tenth above what precedes low.
BOUND = (_GROWTH - 1) / (_GROWTH + 1)


def band_of(value: int) -> int:
    """Return the band of a whole number; below 0 counts as 0, above the largest as the largest."""
    return bisect_left(_EDGES, min(max(value, 0), _EDGES[-1]))


def edges_of(band: int) -> tuple[int, int | None]:
    """Return the least and the largest value of a band; None where the last has no largest."""
    least = _EDGES[band - 1] + 1 if band else 0
    return least, None if band == BANDS - 1 else _EDGES[band]


def middle_of(band: int) -> int:
    """Return the value whose relative distance to either edge of the band is the same."""
    least = _EDGES[band - 1] + 1 if band else 0
    most = _EDGES[band]
    return round(2 * least * most / (least + most)) if most else 0


def quantile(counts: Mapping[int, int], share: float) -> int | None:
    """Return the value at or below which a share (0 to 1) of all lies, by counts per band.

    The nearest-rank quantile of the values counted, give or take `BOUND` of it and the rounding
    to whole minutes; None where nothing was counted.
    """
    whole = sum(counts.values())
    if whole <= 0:
        return None
    wanted, seen = max(1, ceil(share * whole)), 0
    for band in sorted(counts):
        seen += counts[band]
        if seen >= wanted:
            return middle_of(band)
    return None
