"""Supervisors urge, units answer within their clock; what stays overdue climbs, once a level."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.deadlines.models import Clock
from linli.kernel.deadlines.tasks import find_climbing, find_overdue
from linli.kernel.procedures.errors import InvalidFacts, NotAllowed, WrongStage
from linli.kernel.procedures.performing import available_actions, perform

URGE = {"text": "三天没有动静,请说明。"}


def urged(here, **facts):
    matter = here.at_stage("in_hand")
    perform(matter, "urge", by=here.supervisor, facts=URGE | facts)
    matter.refresh_from_db()
    return matter


def running(matter, name="urge"):
    return matter.clocks.get(name=name, stopped_at__isnull=True)


def test_it_works(here) -> None:
    matter = urged(here)

    clock = running(matter)
    assert not clock.promised
    assert matter.servicerequest.urged == 1
    event = matter.events.get(kind="casework.urged")
    assert event.audience == "staff"
    assert event.notices.filter(person=here.handler).exists()
    assert "answer_urge" in [one.name for one in available_actions(matter, here.handler)]

    answered = perform(matter, "answer_urge", by=here.handler, facts={"text": "明天上午修。"})

    assert answered.facts["urge_clock"] == "kept"
    assert answered.notices.filter(person=here.supervisor).exists()
    assert not matter.clocks.filter(name="urge", stopped_at__isnull=True).exists()
    assert "answer_urge" not in [one.name for one in available_actions(matter, here.handler)]


def test_by_a_day_that_the_supervisor_names(here) -> None:
    day = timezone.localdate() + timedelta(days=3)
    matter = urged(here, answer_by=day.isoformat())

    assert running(matter).due_at.astimezone().date() >= day
    # The day was set by the supervisor, not promised to the reporter: nothing public breaks.
    find_overdue(timezone.now() + timedelta(days=5))
    matter.refresh_from_db()
    assert not matter.servicerequest.promise_broken
    assert matter.events.filter(kind="casework.overdue", facts__clock="urge").exists()


@pytest.mark.parametrize("days", [-1, 93])
def test_a_day_that_makes_no_sense(here, days) -> None:
    day = here.community.day_of(timezone.now()) + timedelta(days=days)
    with pytest.raises(InvalidFacts) as refused:
        urged(here, answer_by=day.isoformat())
    assert list(refused.value.errors) == ["answer_by"]


def test_units_do_not_urge_and_residents_hear_nothing_of_it(here) -> None:
    matter = here.at_stage("in_hand")
    for person in (here.handler, here.dispatcher, here.resident):
        with pytest.raises(NotAllowed):
            perform(matter, "urge", by=person, facts=URGE)


def test_what_is_closed_is_not_urged(here) -> None:
    with pytest.raises(WrongStage):
        perform(here.at_stage("closed"), "urge", by=here.supervisor, facts=URGE)


def test_nobody_answers_what_nobody_asked(here) -> None:
    with pytest.raises(InvalidFacts):
        perform(
            here.at_stage("in_hand"), "answer_urge", by=here.handler, facts={"text": "在办"}
        )  # fmt: skip


def test_before_it_is_sent_the_desk_answers(here) -> None:
    matter = here.at_stage("received")
    event = perform(matter, "urge", by=here.supervisor, facts=URGE)

    assert event.notices.filter(person=here.dispatcher).exists()
    perform(matter, "answer_urge", by=here.dispatcher, facts={"text": "今天分出去。"})


# --- escalation -----------------------------------------------------------------------------
def at_the_bottom(here):
    """Return a matter with a unit two levels below the street: committee, then street."""
    return here.at_stage("accepted")


def test_it_climbs_one_level_at_a_time_and_stops_at_the_top(here) -> None:
    matter = at_the_bottom(here)
    first = timezone.now() + timedelta(days=40)

    assert find_overdue(first) == 1
    assert find_climbing(first) == 0  # not before the pack's time is over
    clock = Clock.objects.get(matter=matter, overdue_at__isnull=False)
    assert (clock.level, clock.climbs_at > first) == (1, True)

    second = clock.climbs_at + timedelta(minutes=1)
    assert find_climbing(second) == 1
    assert find_climbing(second) == 0  # once
    event = matter.events.get(kind="casework.escalated")
    assert (event.facts["level"], event.facts["told"]) == (2, here.street.name)
    assert {notice.person for notice in event.notices.all()} == {here.supervisor}

    clock.refresh_from_db()
    assert (clock.level, clock.climbs_at) == (2, None)
    assert find_climbing(second + timedelta(days=100)) == 0  # nobody stands above the street


def test_what_was_answered_meanwhile_does_not_climb(here) -> None:
    matter = at_the_bottom(here)
    late = timezone.now() + timedelta(days=40)
    find_overdue(late)
    perform(matter, "reply", by=here.handler, facts={"text": "在修"}, at=late)

    find_climbing(late + timedelta(days=9))

    assert not matter.events.filter(kind="casework.escalated", facts__clock="reply").exists()


def test_a_clock_that_does_not_escalate_does_not_climb(here) -> None:
    matter = here.at_stage("solved")
    find_overdue(timezone.now() + timedelta(days=40))

    assert Clock.objects.get(matter=matter, name="ask").climbs_at is None


def test_too_early_is_refused(here) -> None:
    matter = at_the_bottom(here)
    with pytest.raises(InvalidFacts):
        perform(matter, "clock_climbs", by="system", facts={"clock": "reply"})
