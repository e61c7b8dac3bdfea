"""Working time against a count of minutes, and the laws it must keep."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from linli.engines.worktime import WorkCalendar

MINUTE = timedelta(minutes=1)
ZONES = ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Beirut"]
HOURS = [
    ("08:30-12:00", "13:30-17:30"),
    ("00:00-02:30", "02:45-05:00", "22:00-24:00"),
    ("01:15-01:45", "23:00-23:30"),
    ("00:00-24:00",),
    "24/7",
]
# Weeks in which something happens: clock changes in each zone, holidays, New Years.
WEEKS = [
    datetime(2011, 12, 27, tzinfo=UTC),
    datetime(2025, 9, 26, tzinfo=UTC),
    datetime(2025, 12, 29, tzinfo=UTC),
    datetime(2026, 3, 6, tzinfo=UTC),
    datetime(2026, 3, 27, tzinfo=UTC),
    datetime(2026, 4, 3, tzinfo=UTC),
    datetime(2026, 10, 2, tzinfo=UTC),
    datetime(2026, 10, 23, tzinfo=UTC),
    datetime(2026, 10, 30, tzinfo=UTC),
]
OVERRIDES = {date(2026, 3, 8): True, date(2026, 10, 5): True, date(2025, 12, 30): False}


@cache
def calendar(zone, hours, kind):
    return WorkCalendar(zone, hours, kind=kind, overrides=OVERRIDES)


settings = st.tuples(
    st.sampled_from(ZONES), st.sampled_from(HOURS), st.sampled_from(["cn", "weekdays"])
)
calendars = settings.map(lambda chosen: calendar(*chosen))
instants = st.builds(
    lambda week, minutes: week + minutes * MINUTE,
    st.sampled_from(WEEKS),
    st.integers(0, 6 * 24 * 60),
)
spans = st.integers(0, 100 * 60)


def opening_minutes(hours):
    """Each interval as minutes of the day, read in its own way."""
    written = ["00:00-24:00"] if hours == "24/7" else hours
    return [
        tuple(int(end[:2]) * 60 + int(end[3:]) for end in interval.split("-"))
        for interval in written
    ]


def count_minutes(chosen, start, end):
    """Walk minute by minute, looking at a wall clock of which only the furthest time counts."""
    zone, hours, _ = chosen
    days = calendar(*chosen)
    open_at = {m for opens, closes in opening_minutes(hours) for m in range(opens, closes)}
    furthest, minutes = datetime.min, 0
    moment = start - timedelta(hours=3)  # far enough back to see the clock set back
    while moment < end:
        wall = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        furthest = max(furthest, wall)
        of_day = furthest.hour * 60 + furthest.minute
        if moment >= start and of_day in open_at and days.is_workday(furthest.date()):
            minutes += 1
        moment += MINUTE
    return minutes


@given(chosen=settings, start=instants, minutes=st.integers(0, 3 * 24 * 60))
def test_between_is_the_count_of_minutes(chosen, start, minutes):
    end = start + minutes * MINUTE
    expected = count_minutes(chosen, start, end) * MINUTE
    assert calendar(*chosen).between(start, end) == expected


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hours", HOURS)
@pytest.mark.parametrize("week", WEEKS)
def test_every_eventful_week_is_the_count_of_minutes(zone, hours, week):
    chosen, end = (zone, hours, "cn"), week + timedelta(days=4)
    assert calendar(*chosen).between(week, end) == count_minutes(chosen, week, end) * MINUTE


@given(calendars, instants, spans)
def test_what_was_added_lies_between(days, start, minutes):
    due = days.add(start, minutes=minutes)
    assert due >= start
    assert days.between(start, due) == minutes * MINUTE


@given(calendars, instants, st.integers(1, 100 * 60))
def test_no_earlier_instant_would_do(days, start, minutes):
    due = days.add(start, minutes=minutes)
    assert days.between(start, due - timedelta(microseconds=1)) < minutes * MINUTE


@given(calendars, instants, spans, spans)
def test_adding_twice_is_adding_the_sum(days, start, first, second):
    there = days.add(days.add(start, minutes=first), minutes=second)
    assert there == days.add(start, minutes=first + second)


@given(calendars, instants, instants, spans)
def test_a_later_start_is_never_due_earlier(days, one, other, minutes):
    earlier, later = sorted((one, other))
    assume(minutes > 0)
    assert days.add(earlier, minutes=minutes) <= days.add(later, minutes=minutes)


@given(calendars, instants, instants, instants)
def test_between_adds_up(days, one, two, three):
    assert days.between(one, two) + days.between(two, three) == days.between(one, three)


@given(calendars, instants, instants, st.integers(1, 30))
def test_days_are_monotone_and_end_on_a_workday(days, one, other, count):
    earlier, later = sorted((one, other))
    due = days.add(earlier, days=count)
    assert due <= days.add(later, days=count)
    assert due >= days.add(earlier, calendar_days=count)
    assert due < days.add(earlier, days=count + 1)


@given(calendars, instants, spans, st.integers(0, 50 * 60), st.integers(0, 50 * 60))
def test_a_pause_moves_the_deadline_by_its_own_working_time(days, start, span, used, pause):
    assume(used < span)
    due = days.add(start, minutes=span)
    paused_at = days.add(start, minutes=used)
    resumed_at = days.add(paused_at, minutes=pause)
    resumed = days.resume(days.remaining(due, paused_at), resumed_at)
    assert resumed == days.add(due, minutes=pause)


@given(calendars, instants, spans)
def test_going_back_undoes_going_forward(days, start, minutes):
    assume(minutes > 0)
    earlier = days.resume(-minutes * MINUTE, start)
    assert days.between(earlier, start) == minutes * MINUTE
