"""One year of working time as a table, so that a question costs a bisection, not a walk."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from linli.engines.worktime.hours import Interval
from linli.engines.worktime.wallclock import first_instant

FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class WorkYear:
    """Stretches of work, ascending; all figures in microseconds, instants in UTC since 1970.

    `worked[i]` is the working time from New Year to `closes[i]`; `ends` is the next New Year.
    """

    opens: Sequence[int]
    closes: Sequence[int]
    worked: Sequence[int]
    ends: int

    @property
    def total(self) -> int:
        return self.worked[-1] if self.worked else 0

    def worked_by(self, instant: int) -> int:
        """Working time from New Year to the instant."""
        begun = bisect_right(self.opens, instant)
        if not begun:
            return 0
        return self.worked[begun - 1] - max(0, self.closes[begun - 1] - instant)

    def instant_at(self, worked: int) -> int:
        """The first instant by which so much was worked, for 0 < worked <= total."""
        stretch = bisect_left(self.worked, worked)
        return self.closes[stretch] - (self.worked[stretch] - worked)


def work_year(
    year: int, zone: ZoneInfo, hours: Sequence[Interval], is_workday: Callable[[date], bool]
) -> WorkYear:
    """Lay out the year. Raises ValueError outside 1900–2200, where no deadline of ours lies."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"working time is counted from {FIRST_YEAR} to {LAST_YEAR}, not {year}")
    opens: list[int] = []
    closes: list[int] = []
    worked: list[int] = []
    sum_so_far = 0
    for day in filter(is_workday, _days_of(year)):
        for start, end in hours:
            opened, closed = (first_instant(day, start, zone), first_instant(day, end, zone))
            if opened == closed:  # the whole stretch was skipped by a change of the clock
                continue
            sum_so_far += closed - opened
            opens.append(opened)
            closes.append(closed)
            worked.append(sum_so_far)
    return WorkYear(opens, closes, worked, first_instant(date(year + 1, 1, 1), 0, zone))


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
