"""The clocks of requests, by way of actions, agree with counting minutes one by one.

The calendar counted here is written down from the State Council's notices for 2025 and 2026
(国办发明电〔2024〕12号, 〔2025〕7号), apart from the engine's own table.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.kernel.packs.loading import content_of
from linli.kernel.procedures.performing import begin, perform

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)


def days(first: str, last: str) -> set[date]:
    begun, end = date.fromisoformat(first), date.fromisoformat(last)
    return {begun + timedelta(days=number) for number in range((end - begun).days + 1)}


OFF = (
    days("2025-01-28", "2025-02-04") | days("2025-04-04", "2025-04-06")
    | days("2025-05-01", "2025-05-05") | days("2025-05-31", "2025-06-02")
    | days("2025-10-01", "2025-10-08")
)  # fmt: skip
SWAPPED = {date.fromisoformat(day) for day in (
    "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11",
)}  # fmt: skip


@pytest.fixture
def hours(here) -> list[tuple[time, time]]:
    return content_of(here.community.pack).calendar.hours


def is_workday(day: date) -> bool:
    return day in SWAPPED or (day.weekday() < 5 and day not in OFF)


def works(minute: datetime, hours: list[tuple[time, time]]) -> bool:
    """Whether work is done in the minute that begins then."""
    local = minute.astimezone(ZONE)
    inside = any(begun <= local.time() < end for begun, end in hours)
    return is_workday(local.date()) and inside


def after_minutes(start: datetime, count: int, hours: list[tuple[time, time]]) -> datetime:
    """Count working minutes one by one; ``start`` is at the beginning of a minute."""
    at = start
    while count:
        count -= works(at, hours)
        at += MINUTE
    return at


def after_days(start: datetime, count: int, hours: list[tuple[time, time]]) -> datetime:
    """Count whole workdays after the day it begins; the end of work on the last one."""
    day = start.astimezone(ZONE).date()
    while count:
        day += timedelta(days=1)
        count -= is_workday(day)
    return datetime.combine(day, hours[-1][1], ZONE)


# Around every holiday and swapped workday of the year, at any minute.
MOMENTS = st.builds(
    lambda day, minute: datetime(2025, 1, 20, tzinfo=UTC) + timedelta(days=day, minutes=minute),
    st.integers(0, 270), st.integers(0, 24 * 60 - 1),
)  # fmt: skip
QUICK = settings(
    max_examples=6, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def said(here, at: datetime, category: str = "pothole"):
    facts = {"text": "路灯坏了。", "category": category}
    return begin(
        "casework", "report", community=here.community, by=here.resident, facts=facts, at=at
    ).matter  # fmt: skip


def due(matter, name: str) -> datetime:
    return matter.clocks.get(name=name, stopped_at__isnull=True).due_at


@QUICK
@given(at=MOMENTS)
def test_clocks_that_begin_with_the_report(here, hours, at) -> None:
    with transaction.atomic():
        matter = said(here, at)
        assert due(matter, "triage") == after_minutes(at, 4 * 60, hours)
        assert due(matter, "reply") == after_days(at, 7, hours)
        transaction.set_rollback(True)


@QUICK
@given(at=MOMENTS, later=st.integers(1, 60 * 24 * 3))
def test_clocks_that_begin_with_later_actions(here, hours, at, later) -> None:
    with transaction.atomic():
        matter, then = said(here, at), at + later * MINUTE
        facts = {"to": str(here.roads.uuid)}
        perform(matter, "dispatch", by=here.dispatcher, facts=facts, at=then)
        assert due(matter, "accept") == after_days(then, 1, hours)
        perform(matter, "urge", by=here.supervisor, facts={"text": "催"}, at=then)
        assert due(matter, "urge") == after_days(then, 1, hours)
        perform(matter, "accept", by=here.handler, at=then)
        perform(matter, "reply", by=here.handler, facts={"text": "会修"}, at=then)
        assert due(matter, "solve") == after_days(then, 15, hours)
        transaction.set_rollback(True)


@QUICK
@given(at=MOMENTS, asked=st.integers(0, 60 * 24 * 2), answered=st.integers(1, 60 * 24 * 12))
def test_a_pause_gives_back_the_working_minutes_it_took(here, hours, at, asked, answered) -> None:
    with transaction.atomic():
        matter, then = said(here, at), at + asked * MINUTE
        facts = {"to": str(here.roads.uuid)}
        perform(matter, "dispatch", by=here.dispatcher, facts=facts, at=then)
        before = due(matter, "reply")
        perform(matter, "ask_reporter", by=here.handler, facts={"text": "哪栋楼?"}, at=then)
        back = then + answered * MINUTE
        perform(matter, "answer", by=here.resident, facts={"text": "三栋"}, at=back)
        left = sum(
            works(then + number * MINUTE, hours) for number in range(int((before - then) / MINUTE))
        )
        assert due(matter, "reply") == after_minutes(back, left, hours)
        transaction.set_rollback(True)


def test_the_calendar_counted_is_the_one_of_the_notices(here) -> None:
    """Friday before the National Day holiday, ten minutes before work ends; a swapped Sunday."""
    hours = content_of(here.community.pack).calendar.hours
    sunday = datetime(2025, 9, 28, 10, 0, tzinfo=ZONE)
    assert works(sunday, hours)
    tuesday = datetime(2025, 9, 30, 17, 0, tzinfo=ZONE)
    assert after_minutes(tuesday, 120, hours).astimezone(ZONE).date() == date(2025, 10, 9)
