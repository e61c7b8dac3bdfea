"""Statutory holidays, swapped workdays and what a community decides for itself.

Expected dates are read off the State Council's notices: in 2025 National Day is 1 to 8 October,
with Sunday 28 September and Saturday 11 October worked; in 2026 it is 1 to 7 October, with
Sunday 20 September and Saturday 10 October worked, and Mid-Autumn is 25 to 27 September.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from linli.engines.worktime import WorkCalendar


def beijing(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def office() -> WorkCalendar:
    return WorkCalendar()


def test_national_day_stops_the_clock(office):
    assert office.add(beijing(2025, 9, 30, 17), hours=2) == beijing(2025, 10, 9, 10)


def test_seven_working_days_over_national_day_2025(office):
    # Sun 28, Mon 29, Tue 30, Thu 9, Fri 10, Sat 11, Mon 13.
    assert office.add(beijing(2025, 9, 26, 9), days=7) == beijing(2025, 10, 13, 17, 30)


def test_five_working_days_over_national_day_2026(office):
    # Thu 8, Fri 9, Sat 10, Mon 12, Tue 13.
    assert office.add(beijing(2026, 9, 30, 9), days=5) == beijing(2026, 10, 13, 17, 30)


def test_working_time_over_both_holidays_of_autumn_2026(office):
    # Sat 19 September to Mon 12 October: Sun 20, Mon 21 to Thu 24, Mon 28 to Wed 30,
    # Thu 8 to Sat 10: eleven days of seven and a half hours.
    worked = office.between(beijing(2026, 9, 19), beijing(2026, 10, 12))
    assert worked == timedelta(hours=11 * 7.5)


def test_a_calendar_day_in_the_holiday_gives_way_to_its_end(office):
    assert office.add(beijing(2025, 9, 30, 9), calendar_days=3) == beijing(2025, 10, 9, 17, 30)


def test_a_calendar_day_on_a_swapped_sunday_stands(office):
    assert office.add(beijing(2025, 9, 18, 9), calendar_days=10) == beijing(2025, 9, 28, 17, 30)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2025, 9, 28), True),
        (date(2025, 10, 1), False),
        (date(2025, 10, 8), False),
        (date(2025, 10, 9), True),
        (date(2025, 10, 11), True),
        (date(2025, 10, 12), False),
        (date(2026, 2, 14), True),
        (date(2026, 2, 23), False),
    ],
)
def test_single_days(office, day, worked):
    assert office.is_workday(day) is worked


def test_an_unannounced_year_falls_back_to_weekdays_and_says_so(office):
    assert office.covers(2025)
    assert office.covers(2026)
    assert not office.covers(2003)
    assert not office.covers(2190)
    assert office.is_workday(date(2190, 1, 1))  # a Friday, surely a holiday in the end
    assert not office.is_workday(date(2190, 1, 2))


def test_elsewhere_only_the_weekdays_count():
    elsewhere = WorkCalendar("Europe/Amsterdam", kind="weekdays")
    assert elsewhere.is_workday(date(2025, 10, 1))
    assert not elsewhere.is_workday(date(2025, 9, 28))
    assert elsewhere.covers(2190)


def test_a_week_of_other_days():
    six_days = WorkCalendar(weekdays=range(6))
    assert six_days.is_workday(date(2025, 6, 7))  # a Saturday
    assert not six_days.is_workday(date(2025, 10, 4))  # a Saturday within National Day
    assert not six_days.is_workday(date(2025, 6, 8))


def test_the_community_has_the_last_word():
    overrides = {date(2025, 6, 5): False, date(2025, 6, 7): True, date(2025, 10, 1): True}
    ours = WorkCalendar(overrides=overrides)
    assert ours.add(beijing(2025, 6, 4, 9), days=2) == beijing(2025, 6, 7, 17, 30)
    assert ours.is_workday(date(2025, 10, 1))


def test_later_changes_of_the_mapping_do_not_reach_the_calendar():
    overrides = {date(2025, 6, 5): False}
    ours = WorkCalendar(overrides=overrides)
    overrides.clear()
    assert not ours.is_workday(date(2025, 6, 5))


def test_around_the_clock_every_day_is_worked():
    assert WorkCalendar(hours="24/7").is_workday(date(2025, 10, 1))
    assert WorkCalendar(hours="24/7").covers(2190)


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="'cn' or 'weekdays'"):
        WorkCalendar(kind="lunar")


@pytest.mark.parametrize("weekdays", [[], [7], [-1, 0]])
def test_weekdays_that_are_none_are_refused(weekdays):
    with pytest.raises(ValueError, match="weekdays are numbers"):
        WorkCalendar(weekdays=weekdays)


@pytest.mark.parametrize("day", [datetime(2025, 6, 5, tzinfo=UTC), "2025-06-05"])
def test_a_day_that_is_no_date_is_refused(office, day):
    with pytest.raises(ValueError, match="date without a time"):
        WorkCalendar(overrides={day: False})
    with pytest.raises(ValueError, match="date without a time"):
        office.is_workday(day)
