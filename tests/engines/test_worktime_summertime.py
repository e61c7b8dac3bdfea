"""Working time where the clock on the wall is changed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from linli.engines.worktime import WorkCalendar

SPRING_FORWARD = datetime(2026, 3, 8, 5, tzinfo=UTC)  # midnight in New York; 02:00 becomes 03:00
FALL_BACK = datetime(2026, 11, 1, 4, tzinfo=UTC)  # midnight in New York; 02:00 becomes 01:00


def daily(hours: str, zone: str = "America/New_York") -> WorkCalendar:
    return WorkCalendar(zone, hours, kind="weekdays", weekdays=range(7))


def worked(hours: str, midnight: datetime) -> timedelta:
    return daily(hours).between(midnight, midnight + timedelta(hours=22))


def test_office_hours_keep_to_the_wall_clock():
    office = WorkCalendar("America/New_York", "09:00-17:00", kind="weekdays")
    friday_four_o_clock = datetime(2026, 3, 6, 21, tzinfo=UTC)
    monday_ten_o_clock = datetime(2026, 3, 9, 14, tzinfo=UTC)
    assert office.add(friday_four_o_clock, hours=2) == monday_ten_o_clock


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [
        ("00:00-06:00", 5 * 60),
        ("02:10-02:50", 0),  # never on the wall that day
        ("02:30-04:00", 60),  # opens as the clock jumps to three
        ("00:00-02:30", 2 * 60),
    ],
)
def test_the_night_summer_time_begins(hours, minutes):
    assert worked(hours, SPRING_FORWARD) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [
        ("00:00-06:00", 7 * 60),
        ("01:15-01:45", 30),  # the first of two
        ("01:15-02:00", 45 + 60),  # the wall says two only an hour later
    ],
)
def test_the_night_summer_time_ends(hours, minutes):
    assert worked(hours, FALL_BACK) == timedelta(minutes=minutes)


def test_around_the_clock_an_hour_is_an_hour():
    urgent = WorkCalendar("America/New_York", "24/7")
    assert urgent.add(SPRING_FORWARD, hours=24) == SPRING_FORWARD + timedelta(hours=24)
    assert urgent.add(FALL_BACK, hours=24) == FALL_BACK + timedelta(hours=24)


def test_a_day_that_a_country_left_out():
    # Samoa went from 29 to 31 December 2011: Friday the 30th never was.
    samoa = daily("09:00-17:00", "Pacific/Apia")
    start, end = datetime(2011, 12, 29, 10, tzinfo=UTC), datetime(2012, 1, 1, 10, tzinfo=UTC)
    assert samoa.between(start, end) == timedelta(hours=3 * 8)  # 29, 31 December and 1 January


def test_a_day_that_never_was_is_no_workday():
    samoa = WorkCalendar("Pacific/Apia", ["09:00-17:00"], kind="weekdays")
    thursday = datetime(2011, 12, 29, 22, tzinfo=UTC)  # 12 o'clock on the 29th there
    assert not samoa.is_workday(date(2011, 12, 30))
    assert samoa.add(thursday, days=1) == samoa.closes(date(2012, 1, 2))
    assert not WorkCalendar("Pacific/Apia", "24/7").is_workday(date(2011, 12, 30))


def test_a_clock_set_back_over_new_year():
    # Phoenix left war time a minute into 1944, and the wall said 1943 for another hour.
    urgent = WorkCalendar("America/Phoenix", "24/7")
    back_in_1943 = datetime(1944, 1, 1, 6, 10, tzinfo=UTC)
    later = back_in_1943 + timedelta(minutes=20)
    assert urgent.between(back_in_1943, later) == timedelta(minutes=20)
