"""The cells figures are kept in: a day of the community, an organisation, an area, a category."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.db import connection

from linli.kernel.indicators.models import Rollup

# The same on SQLite and PostgreSQL. Django's own upsert can replace a value, but not add to it.
_ADD = """
INSERT INTO {table}
    (community_id, indicator, day, cell, organisation_id, area_id, category, value)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (community_id, indicator, day, cell)
DO UPDATE SET value = {table}.value + EXCLUDED.value
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
    """Add to cells, making those that are not there yet; inside a transaction.

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
