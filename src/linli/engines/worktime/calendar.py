"""The working time of one community."""

import math
import operator
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from linli.engines.worktime.hours import AROUND_THE_CLOCK, OFFICE_HOURS, Hours, parse_hours
from linli.engines.worktime.wallclock import (
    MICROSECOND,
    first_instant,
    left_out,
    to_datetime,
    to_microseconds,
)
from linli.engines.worktime.workdays import MONDAY_TO_FRIDAY, Kind, announced, workday_rule
from linli.engines.worktime.year import FIRST_YEAR, LAST_YEAR, WorkYear, work_year

_DAY = timedelta(days=1)


class WorkCalendar:
    """Working hours and workdays in one time zone; never changes once made.

    `timezone` is an IANA name. `hours` are the intervals worked on every workday ("08:30-12:00",
    or pairs of `time`), or "24/7": then no night, weekend, holiday or override stops the clock.
    `kind` "cn" observes the statutory holidays and swapped workdays of mainland China, and only
    the weekdays in a year whose holidays are not yet known (see `covers`); "weekdays" observes
    `weekdays` (Monday is 0) alone. `overrides` has the last word on a day: True is worked.

    Instants come in as aware datetimes of any zone and go out in UTC. Every method raises
    ValueError for a naive one, and for years outside 1900–2200.
    """

    def __init__(
        self,
        timezone: str = "Asia/Shanghai",
        hours: Hours = OFFICE_HOURS,
        *,
        kind: Kind = "cn",
        weekdays: Collection[int] = MONDAY_TO_FRIDAY,
        overrides: Mapping[date, bool] | None = None,
    ) -> None:
        self._zone = _zone(timezone)
        self._hours = parse_hours(hours)
        self._always = hours == AROUND_THE_CLOCK
        self._kind = kind
        self._by_rule = workday_rule(kind, weekdays)
        self._overrides = {_plain(day): bool(worked) for day, worked in (overrides or {}).items()}
        self._years: dict[int, WorkYear] = {}

    def covers(self, year: int) -> bool:
        """Whether the holidays of the year are known, so that its deadlines are final."""
        return self._always or self._kind != "cn" or announced(year)

    def is_workday(self, day: date) -> bool:
        """Whether the local day is worked; one that the zone left out of its calendar never is."""
        day = _plain(day)
        if left_out(day, self._zone):
            return False
        return self._always or self._overrides.get(day, self._by_rule(day))

    def closes(self, day: date) -> datetime:
        """When work ends on the local day, worked or not."""
        return to_datetime(first_instant(_plain(day), self._hours[-1][1], self._zone))

    def add(
        self,
        start: datetime,
        *,
        hours: float | None = None,
        minutes: float | None = None,
        days: int | None = None,
        calendar_days: int | None = None,
    ) -> datetime:
        """The deadline that lies so far after `start`; give exactly one of the four.

        `hours` and `minutes` are working time: the earliest instant by which so much was worked
        (0 is `start` itself). `days` are working days: the day of `start` is not counted, and
        the last ends at the close of business (民法典 art. 201 para. 1, art. 203 para. 2).
        `calendar_days` are counted likewise, and a last day that is not worked gives way to the
        next workday (art. 203 para. 1). Raises ValueError for a negative amount, less than one
        day, a fraction of a day, or more or less than one amount.
        """
        given = [one for one in (hours, minutes, days, calendar_days) if one is not None]
        if len(given) != 1:
            raise ValueError("a deadline is given in hours, minutes, days or calendar_days: one")
        if days is not None:
            return self.closes(self._workday_after(self._local_day(start), _whole(days)))
        if calendar_days is not None:
            return self.closes(self._last_day(self._local_day(start), _whole(calendar_days)))
        return self._shift(start, _span(hours=hours or 0.0, minutes=minutes or 0.0))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; negative when `end` is earlier."""
        (first, begun), (last, done) = self._position(start), self._position(end)
        if (first, begun) > (last, done):
            return -self.between(end, start)
        whole_years = sum(self._year(year).total for year in range(first, last))
        return (whole_years + done - begun) * MICROSECOND

    def remaining(self, due: datetime, paused_at: datetime) -> timedelta:
        """Working time a clock keeps when it is paused; negative when it is overdue by then."""
        return self.between(paused_at, due)

    def resume(
        self, remaining: timedelta, resumed_at: datetime, *, to_close: bool = False
    ) -> datetime:
        """The deadline of a clock resumed with so much working time left.

        A clock that was overdue when paused stays overdue by as much. With `to_close` a deadline
        still ahead moves to the close of its day: for periods set in days, which end there.
        """
        due = self._shift(resumed_at, remaining)
        if not to_close or remaining <= timedelta(0):
            return due
        return self.closes(self._local_day(due - MICROSECOND))

    def _shift(self, start: datetime, span: timedelta) -> datetime:
        if not span:
            return _aware(start).astimezone(UTC)
        year, worked = self._position(start)
        worked += span // MICROSECOND
        while worked > self._year(year).total:
            worked -= self._year(year).total
            year += 1
        while worked <= 0:
            year -= 1
            worked += self._year(year).total
        return to_datetime(self._year(year).instant_at(worked))

    def _position(self, moment: datetime) -> tuple[int, int]:
        """Local year, and working time since its beginning."""
        instant, year = to_microseconds(_aware(moment)), self._local_day(moment).year
        if instant >= self._year(year).ends:  # the wall clock was set back over New Year
            year += 1
        return year, self._year(year).worked_by(instant)

    def _year(self, year: int) -> WorkYear:
        if year not in self._years:
            self._years[year] = work_year(year, self._zone, self._hours, self.is_workday)
        return self._years[year]

    def _local_day(self, moment: datetime) -> date:
        return _aware(moment).astimezone(self._zone).date()

    def _workday_after(self, day: date, count: int) -> date:
        while count:
            day += _DAY
            count -= self.is_workday(day)
        return day

    def _last_day(self, day: date, count: int) -> date:
        if count > (LAST_YEAR - FIRST_YEAR) * 366:
            raise ValueError(f"a deadline of {count} days is beyond the year {LAST_YEAR}")
        return self._workday_after(day + (count - 1) * _DAY, 1)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError, TypeError) as unknown:
        raise ValueError(f"no such time zone: {name!r}") from unknown


def _aware(moment: datetime) -> datetime:
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        raise ValueError(f"an instant needs a time zone: {moment!r}")
    _within(moment.year)
    return moment


def _within(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"working time is counted from {FIRST_YEAR} to {LAST_YEAR}, not {year}")


def _plain(day: date) -> date:
    # A datetime is a date to Python, yet never equal to one: overrides would be missed silently.
    if not isinstance(day, date) or isinstance(day, datetime):
        raise ValueError(f"a day is a date without a time: {day!r}")
    _within(day.year)
    return day


def _whole(days: int) -> int:
    try:
        count = operator.index(days)
    except TypeError:
        raise ValueError(f"days are counted whole: {days!r}") from None
    if count < 1:
        raise ValueError(f"a deadline is at least one day away, not {count}")
    return count


def _span(*, hours: float, minutes: float) -> timedelta:
    if not (math.isfinite(hours) and math.isfinite(minutes)) or hours < 0 or minutes < 0:
        raise ValueError("an amount of working time is a finite number, not below zero")
    try:
        return timedelta(hours=hours, minutes=minutes)
    except OverflowError:
        raise ValueError(f"the deadline lies beyond the year {LAST_YEAR}") from None
