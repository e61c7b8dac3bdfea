"""Rows for tests of anonymity: grids in communities, days of two months, categories in groups."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from linli.engines.anonymity import Column, Hierarchy, Rule, Sensitive, days_hierarchy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PLACE = Hierarchy.of(
    ("grid", "community", "city"),
    [(f"g{one}", f"c{one // 3}", "city") for one in range(9)],
)
DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(59)]
TIME = days_hierarchy(DAYS)
CATEGORY = Hierarchy.of(
    ("category", "group"),
    [("pothole", "roads"), ("lamp", "roads"), ("health", "life"), ("parcels", "life")],
)
SENSITIVE = Sensitive(2, np.array([False, False, True, False]))


def rule(k: int = 3, diversity: int = 1) -> Rule:
    """Return a rule over the three columns."""
    return Rule(k, diversity, SENSITIVE)


def columns(rows: Sequence[tuple[int, int, int]], finest: tuple[int, int, int] = (0, 0, 0)):
    """Return rows of (grid, day, category) as columns."""
    table = np.array(rows, dtype=np.int64).reshape(len(rows), 3)
    hierarchies = (PLACE, TIME, CATEGORY)
    return [
        Column(hierarchy, table[:, number], finest[number])
        for number, hierarchy in enumerate(hierarchies)
    ]


def people(*numbers: int) -> NDArray[np.int64]:
    """Return who the rows are about."""
    return np.array(numbers, dtype=np.int64)
