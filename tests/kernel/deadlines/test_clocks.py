"""Clocks on matters: starting, pausing over holidays, resuming, extending, stopping."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from linli.kernel.deadlines.clocks import Clocks, due_at, end_of_day
from linli.kernel.packs.schema import Duration
from linli.kernel.writing import Writing

pytestmark = pytest.mark.django_db
SHANGHAI = "Asia/Shanghai"


def beijing(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def matter(here):
    """A matter whose own clocks are out of the way."""
    matter = here.report(by=here.resident).matter
    matter.clocks.all().delete()
    return matter


def save(clocks: Clocks) -> None:
    writing = Writing()
    clocks.save(writing)
    writing.send()


def started(matter, name: str, at: datetime, **more):
    clocks = Clocks(matter, at)
    clocks.start(name, **more)
    save(clocks)
    return matter.clocks.get(name=name, stopped_at__isnull=True)


def test_it_works(matter) -> None:
    # Monday morning: four working hours are up at half past two, after lunch.
    clock = started(matter, "triage", beijing(2026, 11, 23, 9))

    assert clock.due_at == beijing(2026, 11, 23, 14, 30)
    assert matter.clocks.get() == clock


def test_a_holiday_does_not_count(matter) -> None:
    # National Day 2026: 1 to 7 October; the 10th, a Saturday, is worked.
    clock = started(matter, "reply", beijing(2026, 9, 30, 9))

    assert clock.due_at == beijing(2026, 10, 15, 17, 30)  # 8, 9, 10, 12, 13, 14, 15


def test_urgent_things_do_not_rest(matter) -> None:
    matter.urgency = "emergency"
    clock = started(matter, "reply", beijing(2026, 10, 1, 23))

    assert clock.due_at == beijing(2026, 10, 2, 1)


def test_the_same_clock_started_again_replaces_the_first(matter) -> None:
    started(matter, "triage", beijing(2026, 11, 23, 9))
    second = started(matter, "triage", beijing(2026, 11, 24, 9))

    assert matter.clocks.get(stopped_at=None) == second
    assert matter.clocks.get(stopped_at__isnull=False).kept is None


def test_a_clock_the_pack_does_not_know(matter) -> None:
    with pytest.raises(KeyError):
        started(matter, "coffee", beijing(2026, 11, 23, 9))


def test_a_promise_counts_to_the_end_of_the_day(matter) -> None:
    clock = started(matter, "solve", beijing(2026, 11, 23, 9), until=date(2026, 11, 30))

    assert clock.promised
    assert clock.due_at == beijing(2026, 11, 30, 23, 59, 59)


def test_a_pause_over_a_holiday_costs_no_working_time(matter) -> None:
    started(matter, "triage", beijing(2026, 9, 30, 9))  # four hours: until 14:30
    paused = Clocks(matter, beijing(2026, 9, 30, 10))
    paused.pause_all()
    save(paused)
    assert matter.clocks.get().remaining_seconds == 3 * 3600

    resumed = Clocks(matter, beijing(2026, 10, 3, 12))  # in the holiday
    resumed.resume_all()
    save(resumed)

    assert matter.clocks.get().due_at == beijing(2026, 10, 8, 11, 30)
    assert matter.clocks.get().paused_at is None


def test_a_promise_is_moved_by_the_days_of_the_pause(matter) -> None:
    started(matter, "solve", beijing(2026, 11, 23, 9), until=date(2026, 11, 30))
    paused = Clocks(matter, beijing(2026, 11, 24, 9))
    paused.pause_all()
    save(paused)
    resumed = Clocks(matter, beijing(2026, 11, 27, 10))
    resumed.resume_all()
    save(resumed)

    assert matter.clocks.get().due_at == beijing(2026, 12, 3, 23, 59, 59)


def test_pausing_twice_keeps_what_was_left_first(matter) -> None:
    started(matter, "triage", beijing(2026, 11, 23, 9))
    for hour in (10, 11):
        paused = Clocks(matter, beijing(2026, 11, 23, hour))
        paused.pause_all()
        save(paused)

    assert matter.clocks.get().remaining_seconds == 3 * 3600


def test_a_paused_clock_is_not_the_nearest(matter) -> None:
    started(matter, "triage", beijing(2026, 11, 23, 9))
    clocks = Clocks(matter, beijing(2026, 11, 23, 10))
    assert clocks.nearest() is not None
    clocks.pause_all()

    assert clocks.nearest() is None


@pytest.mark.parametrize(("hour", "kept"), [(14, True), (15, False)])
def test_stopping_says_whether_it_was_kept(matter, hour, kept) -> None:
    started(matter, "triage", beijing(2026, 11, 23, 9))
    clocks = Clocks(matter, beijing(2026, 11, 23, hour))
    clocks.stop("triage")
    save(clocks)

    assert matter.clocks.get().kept is kept


def test_what_was_paused_in_time_is_kept_however_late_it_is_stopped(matter) -> None:
    started(matter, "triage", beijing(2026, 11, 23, 9))
    clocks = Clocks(matter, beijing(2026, 11, 23, 10))
    clocks.pause_all()
    save(clocks)
    late = Clocks(matter, beijing(2026, 12, 23, 10))

    assert late.outcome("triage") == "kept"


def test_an_extension_makes_a_promise_and_is_counted(matter) -> None:
    started(matter, "solve", beijing(2026, 11, 23, 9))
    clocks = Clocks(matter, beijing(2026, 11, 24, 9))
    clocks.extend("solve", date(2026, 12, 24))
    save(clocks)

    clock = matter.clocks.get()
    assert (clock.promised, clock.extended, clock.due_at) == (
        True, 1, beijing(2026, 12, 24, 23, 59, 59),
    )  # fmt: skip


def test_plain_durations_ignore_the_calendar() -> None:
    start = beijing(2026, 10, 1, 12)

    assert due_at(start, Duration(hours=2), None) == start + timedelta(hours=2)  # type: ignore[arg-type]
    assert due_at(start, Duration(days=3), None) == start + timedelta(days=3)  # type: ignore[arg-type]


def test_the_end_of_a_day_is_the_communitys() -> None:
    assert end_of_day(date(2026, 11, 30), SHANGHAI) == beijing(2026, 11, 30, 23, 59, 59)
    assert end_of_day(date(2026, 11, 30), "UTC").hour == 23
