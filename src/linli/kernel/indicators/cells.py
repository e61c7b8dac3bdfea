"""The cells figures are kept in: a day of the community, an organisation, an area, a category."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.db import connection

from linli.kernel.indicators.models import Rollup
from linli.kernel.indicators.summaries import add_to_summaries

# The same on SQLite and PostgreSQL. Django's own upsert can replace a value, but not add to it.
_ADD = """
INSERT INTO {table}
    (community_id, indicator, day, cell, organisation_id, area_id, category, value)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (community_id, indicator, day, cell)
DO UPDATE SET value = {table}.value + EXCLUDED.value
"""
# What a stock has left again is forgotten: most cells of states are passed through once.
_FORGET = """
DELETE FROM {table}
WHERE community_id = %s AND indicator = %s AND day = %s AND cell = %s AND value = 0
"""


class Cell(NamedTuple):
    """Where a figure belongs. ``organisation`` and ``area`` are primary keys, 0 for none."""

    community: int
    indicator: str
    day: date
    organisation: int
    area: int
    category: str

    @property
    def key(self) -> str:
        """Organisation, area and category in one value."""
        return f"{self.organisation}:{self.area}:{self.category}"


def add(counts: Mapping[Cell, int]) -> None:
    """Add to cells and to the summaries over them, making new ones; inside a transaction.

    In one order for all, so that two that add at once cannot wait for each other.
    """
    rows = [
        (
            cell.community, cell.indicator, cell.day, cell.key,
            cell.organisation or None, cell.area or None, cell.category, value,
        )
        for cell, value in sorted(counts.items())
        if value
    ]  # fmt: skip
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_ADD.format(table=Rollup._meta.db_table), rows)
            left = [row[:4] for row in rows if row[-1] < 0]
            cursor.executemany(_FORGET.format(table=Rollup._meta.db_table), left)
        add_to_summaries(counts)
