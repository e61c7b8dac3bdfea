"""Areas that should lie side by side and do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import shapely  # type: ignore[import-untyped]

SLIVER = 1e-3  # of the smaller area: neighbours drawn by hand share a little


def overlapping(shapes: Sequence[tuple[Hashable, Any]]) -> list[tuple[int, int]]:
    """Return pairs of positions (the earlier first) whose shapes overlap by more than a sliver.

    ``shapes``: what makes siblings (parent and kind), and a Shapely polygon or None. Only shapes
    with the same first are compared.
    """
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for position, (sibling, shape) in enumerate(shapes):
        if shape is not None:
            groups[sibling].append(position)
    found = [
        pair
        for positions in groups.values()
        for pair in _within([shapes[p][1] for p in positions], positions)
    ]
    return sorted(found)


def _within(polygons: list[Any], positions: list[int]) -> list[tuple[int, int]]:
    drawn = np.array(polygons, dtype=object)
    first, second = shapely.STRtree(drawn).query(drawn, predicate="intersects")
    ahead = first < second
    first, second = first[ahead], second[ahead]
    shared = shapely.area(shapely.intersection(drawn[first], drawn[second]))
    smaller = np.minimum(shapely.area(drawn[first]), shapely.area(drawn[second]))
    much = shared > SLIVER * smaller
    return [
        (positions[one], positions[other])
        for one, other in zip(first[much], second[much], strict=True)
    ]
