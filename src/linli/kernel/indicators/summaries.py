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

from linli.kernel.indicators.distributions import distributions
from linli.kernel.indicators.models import Summary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linli.kernel.indicators.cells import Cell
    from linli.kernel.organisations.models import Community

AXES = {"o": "organisation", "c": "category", "a": "area"}
NONE: dict[str, int | str] = {"organisation": 0, "category": "", "area": 0}


class Level(NamedTuple):
    """A grain, and what is kept apart in it: "month:oc" is by organisation and category."""

    name: str
    grain: str
    axes: frozenset[str]


def _levels(grain: str, *every: str) -> tuple[Level, ...]:
    return tuple(
        Level(f"{grain}:{axes}", grain, frozenset(AXES[one] for one in axes)) for axes in every
    )


# Of a day by one alone; of a month by two as well.
LEVELS = (*_levels("day", "o", "c", "a"), *_levels("month", "o", "c", "a", "oc", "oa", "ca"))
# Bands of times are many and thin: by two of them, or a day, hardly any two would share a row.
BAND_LEVELS = _levels("month", "o", "c", "a")
_BY_NAME = {level.name: level for level in LEVELS}


def levels_of(figure: str) -> tuple[Level, ...]:
    """Return the levels on which a kept name is summed up."""
    return BAND_LEVELS if figure.partition(":")[0] in distributions else LEVELS


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


def level_for(levels: tuple[Level, ...], grain: str, needed: frozenset[str]) -> str:
    """Return the smallest level of a grain that keeps apart what is needed; "" where none does."""
    fitting = [one for one in levels if one.grain == grain and needed <= one.axes]
    return min(fitting, key=lambda one: len(one.axes)).name if fitting else ""


def axes_of(level: str) -> frozenset[str]:
    """Return what a level keeps apart."""
    return _BY_NAME[level].axes


def summed_up(counts: Mapping[Cell, int]) -> Counter[Sum]:
    """Return what cells come to on every level."""
    found: Counter[Sum] = Counter()
    for cell, value in counts.items():
        month = cell.day.replace(day=1)
        for level, grain, axes in levels_of(cell.indicator):
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
