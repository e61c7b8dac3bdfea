"""The hours of a working day, as minutes after local midnight."""

import re
from collections.abc import Sequence
from datetime import time
from itertools import pairwise

AROUND_THE_CLOCK = "24/7"
OFFICE_HOURS = ("08:30-12:00", "13:30-17:30")
MINUTES_A_DAY = 24 * 60

Hours = str | Sequence[str | tuple[time, time]]
Interval = tuple[int, int]

_WRITTEN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")


def parse_hours(hours: Hours) -> tuple[Interval, ...]:
    """Opening intervals of a day, ascending, each (opens, closes) in minutes after midnight.

    `hours` is "24/7", one interval "08:30-17:30", or a sequence of such intervals or of pairs
    of naive `time`; "24:00" may close the last one. Raises ValueError for an interval that is
    empty, runs backwards or overlaps another, and when there is none.
    """
    if hours == AROUND_THE_CLOCK:
        return ((0, MINUTES_A_DAY),)
    listed = [hours] if isinstance(hours, str) else hours
    intervals = sorted(_interval(one) for one in listed)
    if not intervals:
        raise ValueError("a working day needs at least one interval of hours")
    for (_, closes), (opens, _) in pairwise(intervals):
        if opens < closes:
            raise ValueError(
                f"working hours overlap: {_written(opens)} is before {_written(closes)}"
            )
    return tuple(intervals)


def _interval(one: str | tuple[time, time]) -> Interval:
    opens, closes = _from_text(one) if isinstance(one, str) else _from_times(one)
    if not 0 <= opens < closes <= MINUTES_A_DAY:
        raise ValueError(f"working hours must open before they close, within one day: {one!r}")
    return opens, closes


def _from_text(text: str) -> Interval:
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"working hours are written like '08:30-12:00', not {text!r}")
    open_hour, open_minute, close_hour, close_minute = map(int, match.groups())
    if open_minute > 59 or close_minute > 59:
        raise ValueError(f"an hour has 60 minutes: {text!r}")
    return open_hour * 60 + open_minute, close_hour * 60 + close_minute


def _from_times(pair: tuple[time, time]) -> Interval:
    if not (isinstance(pair, tuple | list) and len(pair) == 2):
        raise ValueError(f"an interval of hours is a pair of times, not {pair!r}")
    if not all(isinstance(moment, time) for moment in pair):
        raise ValueError(f"an interval of hours is a pair of times, not {pair!r}")
    if any(moment.tzinfo or moment.second or moment.microsecond for moment in pair):
        raise ValueError(f"working hours are whole minutes without a zone: {pair!r}")
    opens, closes = (moment.hour * 60 + moment.minute for moment in pair)
    return opens, closes


def _written(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
