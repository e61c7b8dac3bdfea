"""A paused clock keeps the working time it has not used."""

from datetime import UTC, datetime, timedelta

from linli.engines.worktime import WorkCalendar


def beijing(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC) - timedelta(hours=8)


OFFICE = WorkCalendar()


def test_what_was_left_is_what_there_is_again():
    due = OFFICE.add(beijing(2025, 6, 4, 9), hours=10)  # Thursday 11:30
    left = OFFICE.remaining(due, beijing(2025, 6, 4, 15))
    assert left == timedelta(hours=5.5)
    assert OFFICE.resume(left, beijing(2025, 6, 16, 8, 30)) == beijing(2025, 6, 16, 15, 30)


def test_a_pause_outside_working_hours_costs_nothing():
    due = OFFICE.add(beijing(2025, 6, 6, 16), hours=4)
    left = OFFICE.remaining(due, beijing(2025, 6, 6, 18))
    assert OFFICE.resume(left, beijing(2025, 6, 9, 8)) == due


def test_a_clock_paused_when_overdue_stays_overdue_by_as_much():
    due = beijing(2025, 6, 4, 10)
    left = OFFICE.remaining(due, beijing(2025, 6, 4, 15))
    assert left == timedelta(hours=-3.5)
    resumed = OFFICE.resume(left, beijing(2025, 6, 9, 9))
    assert resumed == beijing(2025, 6, 6, 14, 30)
    assert OFFICE.between(resumed, beijing(2025, 6, 9, 9)) == timedelta(hours=3.5)


def test_a_period_of_days_ends_at_the_close_again():
    due = OFFICE.add(beijing(2025, 6, 4, 9), days=3)  # Monday 9 June, 17:30
    left = OFFICE.remaining(due, beijing(2025, 6, 5, 10))
    resumed = OFFICE.resume(left, beijing(2025, 6, 16, 9), to_close=True)
    assert resumed == beijing(2025, 6, 18, 17, 30)


def test_a_deadline_already_at_the_close_stays_there():
    urgent = WorkCalendar(hours="24/7")
    midnight = beijing(2025, 6, 6)
    assert urgent.resume(timedelta(days=1), beijing(2025, 6, 5), to_close=True) == midnight


def test_an_overdue_period_of_days_is_not_moved_to_a_close():
    left = timedelta(hours=-1)
    resumed = OFFICE.resume(left, beijing(2025, 6, 4, 11), to_close=True)
    assert resumed == beijing(2025, 6, 4, 10)


def test_with_nothing_left_it_is_due_at_once():
    sunday = beijing(2025, 6, 8, 3)
    assert OFFICE.resume(timedelta(0), sunday) == sunday


def test_overdue_by_all_that_was_worked_since_new_year():
    # In 2026 the first working day is Sunday 4 January; the last of 2025 is Wednesday the 31st.
    resumed = OFFICE.resume(timedelta(hours=-1), beijing(2026, 1, 4, 9, 30))
    assert resumed == beijing(2025, 12, 31, 17, 30)
