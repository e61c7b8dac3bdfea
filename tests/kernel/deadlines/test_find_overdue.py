"""Finding clocks that ran out: each once, and none that is paused, stopped or still running."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.deadlines.models import Clock
from linli.kernel.deadlines.tasks import find_overdue
from linli.kernel.procedures.performing import perform

pytestmark = pytest.mark.django_db


def later(days: int = 40):
    return timezone.now() + timedelta(days=days)


def test_it_works(here) -> None:
    matter = here.at_stage("accepted")

    assert find_overdue(later()) == 1

    assert Clock.objects.get(matter=matter, name="reply").overdue_at is not None
    assert matter.events.filter(kind="casework.overdue").count() == 1


def test_looking_again_finds_nothing(here) -> None:
    here.at_stage("accepted")
    find_overdue(later())

    assert find_overdue(later(50)) == 0


def test_nothing_is_found_before_its_time(here) -> None:
    here.at_stage("accepted")

    assert find_overdue() == 0


def test_a_paused_clock_does_not_run_out(here) -> None:
    matter = here.at_stage("accepted")
    perform(matter, "ask_reporter", by=here.handler, facts={"text": "哪一盏?"})

    assert find_overdue(later()) == 0


def test_after_the_pause_it_runs_out_later(here) -> None:
    matter = here.at_stage("accepted")
    perform(matter, "ask_reporter", by=here.handler, facts={"text": "哪一盏?"})
    perform(matter, "answer", by=here.resident, facts={"text": "第三盏"}, at=later(20))

    assert find_overdue(later(21)) == 0
    assert find_overdue(later(60)) == 1


def test_a_closed_matter_has_no_clock_that_runs_out(here) -> None:
    here.at_stage("closed")

    assert find_overdue(later(400)) == 0


def test_one_that_is_refused_does_not_stop_the_rest(here) -> None:
    first, second = here.at_stage("accepted"), here.at_stage("accepted")
    type(first).objects.filter(pk=first.pk).update(stage="closed")

    assert find_overdue(later()) == 1
    assert second.events.filter(kind="casework.overdue").exists()


def test_with_nothing_overdue_it_costs_one_query(here, django_assert_num_queries) -> None:
    here.at_stage("accepted")

    with django_assert_num_queries(1):
        find_overdue()
