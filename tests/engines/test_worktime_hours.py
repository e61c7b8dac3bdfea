"""Deadlines in working hours."""

from datetime import UTC, datetime, time, timedelta

import pytest

from linli.engines.worktime import WorkCalendar


def beijing(*moment: int) -> datetime:
    """Beijing time, always eight hours ahead of UTC."""
    return datetime(*moment, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def office() -> WorkCalendar:
    return WorkCalendar()


def test_two_hours_within_a_morning(office):
    assert office.add(beijing(2025, 6, 4, 9), hours=2) == beijing(2025, 6, 4, 11)


def test_lunch_is_not_counted(office):
    assert office.add(beijing(2025, 6, 4, 11), hours=2) == beijing(2025, 6, 4, 14, 30)


def test_evening_and_weekend_are_not_counted(office):
    friday_evening = beijing(2025, 6, 6, 20)
    assert office.add(friday_evening, minutes=30) == beijing(2025, 6, 9, 9)


def test_a_full_day_ends_at_its_close_and_not_the_next_morning(office):
    assert office.add(beijing(2025, 6, 4, 8, 30), hours=7.5) == beijing(2025, 6, 4, 17, 30)


def test_a_fraction_of_an_hour(office):
    assert office.add(beijing(2025, 6, 4, 9), hours=0.25) == beijing(2025, 6, 4, 9, 15)


def test_no_time_at_all_is_the_start_itself(office):
    sunday = beijing(2025, 6, 8, 3)
    assert office.add(sunday, hours=0) == sunday


def test_the_answer_is_in_utc_whatever_zone_was_asked_in(office):
    asked = datetime.fromisoformat("2025-06-04T09:00+08:00")
    answer = office.add(asked, hours=1)
    assert (answer, answer.tzinfo) == (datetime(2025, 6, 4, 2, tzinfo=UTC), UTC)


def test_across_the_new_year(office):
    # 2025-12-31 is a Wednesday; 1 to 3 January are off and Sunday the 4th is worked instead.
    assert office.add(beijing(2025, 12, 31, 16, 30), hours=2) == beijing(2026, 1, 4, 9, 30)


def test_working_time_between_two_instants(office):
    wednesday, monday = beijing(2025, 6, 4, 16), beijing(2025, 6, 9, 9)
    assert office.between(wednesday, monday) == timedelta(hours=1.5 + 7.5 + 7.5 + 0.5)


def test_between_runs_backwards_too(office):
    morning, afternoon = beijing(2025, 6, 4, 9), beijing(2025, 6, 4, 15)
    assert office.between(afternoon, morning) == -office.between(morning, afternoon)
    assert office.between(afternoon, morning) == timedelta(hours=-4.5)


def test_between_over_several_years():
    weekdays = WorkCalendar("UTC", "00:00-24:00", kind="weekdays")
    start, end = datetime(2023, 6, 5, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    assert weekdays.between(start, end) == timedelta(days=156 * 5)  # Monday to Monday: 156 weeks


def test_around_the_clock_nothing_stops():
    urgent = WorkCalendar("Asia/Shanghai", "24/7", overrides={beijing(2025, 10, 2).date(): False})
    assert urgent.add(beijing(2025, 10, 1, 23), hours=2) == beijing(2025, 10, 2, 1)
    assert urgent.between(beijing(2025, 9, 30), beijing(2025, 10, 9)) == timedelta(days=9)


def test_hours_may_be_times(office):
    pairs = [(time(13, 30), time(17, 30)), (time(8, 30), time(12))]
    start = beijing(2025, 6, 4, 11)
    assert WorkCalendar(hours=pairs).add(start, hours=9) == office.add(start, hours=9)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ([], "at least one interval"),
        (["12:00-08:30"], "open before they close"),
        (["08:30-08:30"], "open before they close"),
        (["08:30-24:30"], "open before they close"),
        (["08:30-12:00", "11:00-17:30"], "11:00 is before 12:00"),
        (["half past eight"], "written like"),
        (["08:75-12:00"], "60 minutes"),
        ([(time(8), 12)], "pair of times"),
        ([("08:30", "12:00")], "pair of times"),
        ([(time(8, 30, 5), time(12))], "whole minutes"),
    ],
)
def test_hours_that_make_no_day_are_refused(hours, said):
    with pytest.raises(ValueError, match=said):
        WorkCalendar(hours=hours)


def test_an_unknown_zone_is_refused():
    with pytest.raises(ValueError, match="Asia/Nowhere"):
        WorkCalendar("Asia/Nowhere")


def test_an_instant_without_a_zone_is_refused(office):
    with pytest.raises(ValueError, match="needs a time zone"):
        office.add(datetime(2025, 6, 4, 9), hours=1)
    with pytest.raises(ValueError, match="needs a time zone"):
        office.between(beijing(2025, 6, 4), datetime(2025, 6, 5))


@pytest.mark.parametrize("amount", [{}, {"hours": 1, "days": 1}, {"hours": 1, "minutes": 30}])
def test_anything_but_one_amount_is_refused(office, amount):
    with pytest.raises(ValueError, match="hours, minutes, days or calendar_days"):
        office.add(beijing(2025, 6, 4), **amount)


@pytest.mark.parametrize("hours", [-1, float("nan"), float("inf")])
def test_an_amount_that_is_no_span_is_refused(office, hours):
    with pytest.raises(ValueError, match="finite number, not below zero"):
        office.add(beijing(2025, 6, 4), hours=hours)


@pytest.mark.parametrize("hours", [1_000_000, 1e300])
def test_a_deadline_beyond_reason_is_refused(office, hours):
    with pytest.raises(ValueError, match="2200"):
        office.add(beijing(2025, 6, 4), hours=hours)


def test_an_instant_beyond_reason_is_refused(office):
    with pytest.raises(ValueError, match="1900 to 2200"):
        office.between(datetime.min.replace(tzinfo=UTC), beijing(2025, 6, 4))
