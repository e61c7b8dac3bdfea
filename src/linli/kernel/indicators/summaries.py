"""Sums over roll-ups, kept with them, so that a page reads hundreds of rows and not millions.

A data cube (Gray et al., *Data Mining and Knowledge Discovery* 1, 1997) of the levels pages ask
for: by one of unit, grid and category a day, and by one or two of them a month. What is asked for
by all three at once is read from the roll-ups themselves.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from linli.kernel.indicators.models import Summary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linli.kernel.indicators.cells import Cell
    from linli.kernel.organisations.models import Community

# Of a day, by these alone; of a month by these, two at a time as well.
AXES = {"o": "organisation", "c": "category", "a": "area"}
NONE: dict[str, int | str] = {"organisation": 0, "category": "", "area": 0}
LEVELS = tuple(
    (f"{grain}:{axes}", grain, frozenset(AXES[one] for one in axes))
    for grain, every in (("day", ("o", "c", "a")), ("month", ("o", "c", "a", "oc", "oa", "ca")))
    for axes in every
)

_ADD = """
INSERT INTO {table}
    (community_id, level, indicator, since, organisation, category, area, value)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (community_id, level, indicator, since, organisation, category, area)
DO UPDATE SET value = {table}.value + EXCLUDED.value
"""
_FORGET = """
DELETE FROM {table}
WHERE community_id = %s AND level = %s AND indicator = %s AND since = %s AND organisation = %s
    AND category = %s AND area = %s AND value = 0
"""


class Sum(NamedTuple):
    """The cells of one summary; organisation and area 0, category "" where any is meant."""

    community: int
    level: str
    indicator: str
    since: date
    organisation: int
    category: str
    area: int

    @property
    def day(self) -> date:
        """The first day it is of."""
        return self.since

    @property
    def key(self) -> str:
        """Level, organisation, area and category in one value."""
        return f"{self.level} {self.organisation}:{self.area}:{self.category}"


def level_for(grain: str, needed: frozenset[str]) -> str:
    """Return the smallest level of a grain that keeps apart what is needed; "" where none does."""
    fitting = [(len(axes), level) for level, of, axes in LEVELS if of == grain and needed <= axes]
    return min(fitting)[1] if fitting else ""


def axes_of(level: str) -> frozenset[str]:
    """Return what a level keeps apart."""
    return next(axes for name, _grain, axes in LEVELS if name == level)


def summed_up(counts: Mapping[Cell, int]) -> Counter[Sum]:
    """Return what cells come to on every level."""
    found: Counter[Sum] = Counter()
    for cell, value in counts.items():
        month = cell.day.replace(day=1)
        for level, grain, axes in LEVELS:
            found[
                Sum(
                    cell.community, level, cell.indicator, month if grain == "month" else cell.day,
                    cell.organisation if "organisation" in axes else 0,
                    cell.category if "category" in axes else "",
                    cell.area if "area" in axes else 0,
                )
            ] += value  # fmt: skip
    return found


def add_to_summaries(counts: Mapping[Cell, int]) -> None:
    """Add to the summaries what is added to cells; inside the same transaction."""
    rows = [(*one, value) for one, value in sorted(summed_up(counts).items()) if value]
    with connection.cursor() as cursor:
        cursor.executemany(_ADD.format(table=Summary._meta.db_table), rows)
        left = [row[:-1] for row in rows if row[-1] < 0]
        cursor.executemany(_FORGET.format(table=Summary._meta.db_table), left)


def kept_summaries(community: Community) -> dict[Sum, int]:
    """Return every summary of a community."""
    columns = ("level", "indicator", "since", "organisation", "category", "area", "value")
    rows = Summary.objects.filter(community=community).values_list(*columns)
    return {Sum(community.pk, *row[:-1]): row[-1] for row in rows.iterator()}
