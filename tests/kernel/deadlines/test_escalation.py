"""A clock that runs out climbs one level each time it does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from linli.kernel.deadlines.tasks import find_overdue
from linli.kernel.procedures.performing import perform

pytestmark = pytest.mark.django_db


def told(event):
    return {notice.person for notice in event.notices.filter(channel="site")}


def promised(here):
    matter = here.at_stage("accepted")
    day = datetime.now(UTC).date() + timedelta(days=10)
    facts = {"text": "会修好", "promised_on": day.isoformat()}
    perform(matter, "reply", by=here.handler, facts=facts)
    return matter


def test_the_first_time_the_level_above_is_told(here) -> None:
    matter = promised(here)

    find_overdue(timezone.now() + timedelta(days=12))

    event = matter.events.get(kind="casework.overdue")
    assert event.facts["level"] == 1
    assert {here.handler, here.secretary} <= told(event)
    assert here.supervisor not in told(event)  # two levels up


def test_the_second_time_the_one_above_that(here) -> None:
    matter = promised(here)
    find_overdue(timezone.now() + timedelta(days=12))
    until = datetime.now(UTC).date() + timedelta(days=20)
    facts = {"until": until.isoformat(), "reason": "weather", "explanation": "连日下雨"}
    perform(matter, "extend_promise", by=here.handler, facts=facts)

    find_overdue(timezone.now() + timedelta(days=22))

    event = matter.events.filter(kind="casework.overdue").last()
    assert event.facts["level"] == 2
    assert here.supervisor in told(event)
    assert here.secretary not in told(event)


def test_the_reporter_is_told_of_a_broken_promise(here) -> None:
    matter = promised(here)

    find_overdue(timezone.now() + timedelta(days=12))

    assert here.resident in told(matter.events.get(kind="casework.overdue"))


def test_a_clock_that_does_not_escalate_tells_only_who_works_on_it(here) -> None:
    matter = here.at_stage("solved")

    find_overdue(timezone.now() + timedelta(days=40))

    event = matter.events.get(kind="casework.overdue")
    assert event.facts["clock"] == "ask"
    assert here.secretary not in told(event)
