"""The stretches of time rates are asked for: week, month, quarter, year, or two days of one's own.

A week begins on Monday (GB/T 7408, ISO 8601).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

KINDS = (
    ("week", _("Week")),
    ("month", _("Month")),
    ("quarter", _("Quarter")),
    ("year", _("Year")),
    ("custom", _("From day to day")),
)
LONGEST = timedelta(days=3660)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True)
class Period:
    """From a day to a day, both counted."""

    kind: str
    since: date
    until: date

    def before(self) -> Period:
        """Return the period just before, of the same kind."""
        if self.kind == "custom":
            length = self.until - self.since
            end = self.since - timedelta(days=1)
            return Period("custom", end - length, end)
        return period_of(self.kind, self.since - timedelta(days=1))

    def after(self) -> Period:
        """Return the period just after, of the same kind."""
        if self.kind == "custom":
            length = self.until - self.since
            begin = self.until + timedelta(days=1)
            return Period("custom", begin, begin + length)
        return period_of(self.kind, self.until + timedelta(days=1))


def period_of(kind: str, day: date, until: date | None = None) -> Period:
    """Return the period of a kind in which a day lies; a custom one runs from it to ``until``.

    Days beyond the years 2000 to 2999 become the nearest within; a custom period that ends before
    it begins is turned round, one longer than ten years is cut. An unknown kind is a month.
    """
    day = _within(day)
    if kind == "custom":
        first, last = sorted((day, _within(until or day)))
        return Period(kind, first, min(last, first + LONGEST))
    if kind == "week":
        first = _within(day - timedelta(days=day.weekday()))
        return Period(kind, first, _within(first + timedelta(days=6)))
    if kind == "quarter":
        return _months(kind, date(day.year, day.month - (day.month - 1) % 3, 1), 3)
    if kind == "year":
        return _months(kind, date(day.year, 1, 1), 12)
    return _months("month", day.replace(day=1), 1)


def _months(kind: str, first: date, months: int) -> Period:
    number = first.year * 12 + first.month - 1 + months
    following = date(number // 12, number % 12 + 1, 1)
    return Period(kind, first, following - timedelta(days=1))


def _within(day: date) -> date:
    return min(max(day, FIRST_DAY), LAST_DAY)


def kinds() -> list[tuple[str, Any]]:
    """Return the kinds of periods with their labels."""
    return list(KINDS)
