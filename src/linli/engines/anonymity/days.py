"""Days as a hierarchy: day, week, month, quarter, year.

A week is cut where a month ends, so that weeks lie within months; it is named by its first and
last day as ISO 8601 names a span ("2026-01-26/2026-01-31").
"""

from __future__ import annotations

from calendar import monthrange
from typing import TYPE_CHECKING

from linli.engines.anonymity.hierarchies import Hierarchy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

TIME_LEVELS = ("day", "week", "month", "quarter", "year")


def days_hierarchy(days: Sequence[date]) -> Hierarchy:
    """Return the hierarchy over days, in the order they are given."""
    return Hierarchy.of(TIME_LEVELS, [_path(day) for day in days])


def _path(day: date) -> tuple[str, ...]:
    quarter = (day.month + 2) // 3
    return (
        day.isoformat(),
        _week(day),
        f"{day.year:04}-{day.month:02}",
        f"{day.year:04}-Q{quarter}",
        f"{day.year:04}",
    )


def _week(day: date) -> str:
    month_end = monthrange(day.year, day.month)[1]
    first = max(1, day.day - day.weekday())
    last = min(month_end, day.day + 6 - day.weekday())
    return f"{day.replace(day=first).isoformat()}/{day.replace(day=last).isoformat()}"
