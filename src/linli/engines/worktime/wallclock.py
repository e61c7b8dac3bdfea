"""From what the clock on the wall says to an instant, in any zone and across its changes.

Instants are whole microseconds since 1970 in UTC, so that sums are exact.
"""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000


def to_microseconds(instant: datetime) -> int:
    """Return the microseconds from the epoch to an aware instant."""
    return (instant - EPOCH) // MICROSECOND


def to_datetime(microseconds: int) -> datetime:
    """Return the instant so many microseconds after the epoch, in UTC."""
    return EPOCH + microseconds * MICROSECOND


def first_instant(day: date, minutes: int, zone: ZoneInfo) -> int:
    """The first instant at which the wall clock has come to `minutes` after midnight of `day`.

    A time that summer time skips is reached when the clock jumps over it; a time that occurs
    twice is reached the first time (RFC 5545 §3.3.5 likewise takes the first). Later wall
    times therefore never come to earlier instants.
    """
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
    before = _offset(wall.replace(tzinfo=zone))
    after = _offset(wall.replace(tzinfo=zone, fold=1))
    reached = to_microseconds(wall.replace(tzinfo=UTC))
    if before >= after:
        return reached - before
    earliest, latest = (reached - after) // SECOND, (reached - before) // SECOND
    seconds = range(earliest, latest + 1)
    jumped = bisect_left(seconds, after, key=lambda second: _offset_at(second, zone))
    return seconds[jumped] * SECOND


def left_out(day: date, zone: ZoneInfo) -> bool:
    """Whether the zone never had the day, as Samoa had no 30 December 2011."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone)
    # A wall time that never was is read by the offset before, and so comes back as another.
    return noon.astimezone(UTC).astimezone(zone).date() != day


def _offset(moment: datetime) -> int:
    offset = moment.utcoffset()
    if offset is None:  # never for a ZoneInfo
        raise ValueError("the moment has no zone")
    return offset // MICROSECOND


def _offset_at(second: int, zone: ZoneInfo) -> int:
    return _offset(to_datetime(second * SECOND).astimezone(zone))
