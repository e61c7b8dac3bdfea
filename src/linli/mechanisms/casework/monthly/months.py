"""The month a report is of, and the two it is compared with, to the same day."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

OFFERED = 36


@dataclass(frozen=True)
class Month:
    """From its first day to ``until``: the last, or today where it has not ended."""

    since: date
    until: date
    ended: bool

    @property
    def name(self) -> str:
        """How an address names it: "2026-11"."""
        return f"{self.since:%Y-%m}"

    def month_before(self) -> Month:
        """Return the month before, to the same day while this one runs."""
        return self._like((self.since - timedelta(days=1)).replace(day=1))

    def year_before(self) -> Month:
        """Return the same month a year ago, to the same day while this one runs."""
        return self._like(self.since.replace(year=self.since.year - 1))

    def _like(self, first: date) -> Month:
        last = calendar.monthrange(first.year, first.month)[1]
        day = last if self.ended else min(self.until.day, last)
        return Month(first, first.replace(day=day), self.ended)


def month_of(name: str, today: date) -> Month:
    """Return the month an address names; what names none offered is the last that ended."""
    known = {f"{first:%Y-%m}": first for first in months_offered(today)}
    first = known.get(name) or months_offered(today)[1]
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return Month(first, min(last, today), last < today)


def months_offered(today: date) -> list[date]:
    """Return the first days of the months there are reports of, this one first."""
    found = [today.replace(day=1)]
    while len(found) < OFFERED:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found
