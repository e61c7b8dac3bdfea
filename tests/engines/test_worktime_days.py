"""Deadlines in days, counted as the Civil Code of China counts them (arts. 201 and 203)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from linli.engines.worktime import WorkCalendar


def beijing(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def office() -> WorkCalendar:
    return WorkCalendar()


def test_the_first_day_is_not_counted_and_the_last_ends_at_the_close(office):
    wednesday = beijing(2025, 6, 4, 9)
    assert office.add(wednesday, days=1) == beijing(2025, 6, 5, 17, 30)


def test_the_hour_of_the_start_does_not_matter(office):
    early, late = beijing(2025, 6, 4, 0, 1), beijing(2025, 6, 4, 23, 59)
    assert office.add(early, days=3) == office.add(late, days=3) == beijing(2025, 6, 9, 17, 30)


def test_the_day_of_the_start_is_the_local_one(office):
    just_after_midnight = datetime(2025, 6, 3, 16, 5, tzinfo=UTC)  # the 4th in Beijing
    assert office.add(just_after_midnight, days=1) == beijing(2025, 6, 5, 17, 30)


def test_from_a_day_off(office):
    assert office.add(beijing(2025, 6, 7, 10), days=1) == beijing(2025, 6, 9, 17, 30)


def test_calendar_days_count_the_days_off(office):
    assert office.add(beijing(2025, 6, 4, 9), calendar_days=7) == beijing(2025, 6, 11, 17, 30)


def test_a_last_calendar_day_off_gives_way_to_the_next_workday(office):
    saturday_is_the_tenth_day = beijing(2025, 6, 4, 9)
    due = office.add(saturday_is_the_tenth_day, calendar_days=10)
    assert due == beijing(2025, 6, 16, 17, 30)


def test_around_the_clock_a_day_ends_at_midnight():
    urgent = WorkCalendar("Asia/Shanghai", "24/7")
    assert urgent.add(beijing(2025, 10, 1, 9), days=1) == beijing(2025, 10, 3)
    assert urgent.add(beijing(2025, 10, 1, 9), calendar_days=3) == beijing(2025, 10, 5)


def test_when_a_day_closes(office):
    assert office.closes(date(2025, 6, 4)) == beijing(2025, 6, 4, 17, 30)


@pytest.mark.parametrize("unit", ["days", "calendar_days"])
@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "at least one day"), (-3, "at least one day"), (1.5, "whole"), (10**9, "2200")],
)
def test_a_count_that_is_no_deadline_is_refused(office, unit, count, said):
    with pytest.raises(ValueError, match=said):
        office.add(beijing(2025, 6, 4), **{unit: count})
