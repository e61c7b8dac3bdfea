"""What came of suggestions, week by week, and a supervisor who chooses another model."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.access.models import AuditEntry
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.suggesting import record
from linli.mechanisms.casework.suggesting.judging import judge
from linli.mechanisms.casework.suggesting.models import SuggestionOutcome, TriageModel
from linli.mechanisms.casework.suggesting.steering import (
    NotUsable,
    let_nights_choose,
    take_into_use,
)


def test_it_works(here) -> None:
    matter = here.report(text="3号楼电梯故障困人").matter
    perform(matter, "triage", by=here.dispatcher, facts={"category": "lift"})
    assert judge(here.community) == 1
    outcome = SuggestionOutcome.objects.get()
    assert (outcome.suggested, outcome.chosen, outcome.version) == ("lift", "lift", 0)
    week = record.weeks(here.community, "category")[0]
    assert (week.decided, week.agreed, week.per_cent) == (1, 1, 100)
    assert record.weeks(here.community, "unit") == []


def test_judging_again_changes_nothing(here) -> None:
    here.at_stage("dispatched")
    assert judge(here.community) == 2  # the category and the unit
    assert judge(here.community) == 0


def test_a_correction_changes_what_is_right_not_what_was_suggested(here) -> None:
    matter = here.at_stage("received", text="电梯故障")
    judge(here.community)
    before = SuggestionOutcome.objects.get()
    assert (before.suggested, before.chosen) == ("lift", "pothole")
    perform(matter, "triage", by=here.dispatcher, facts={"category": "lift"})
    assert judge(here.community) == 1
    after = SuggestionOutcome.objects.get()
    assert (after.suggested, after.chosen, after.at) == ("lift", "lift", before.at)


def outcomes(here, count: int, chosen: str, days: int) -> None:
    """Write outcomes on matters of their own, so many days ago."""
    for _ in range(count):
        SuggestionOutcome.objects.create(
            community=here.community, matter=here.report().matter, subject="category", version=0,
            suggested="lift", confidence=0.9, sure=True, chosen=chosen,
            at=timezone.now() - timedelta(days=days),
        )  # fmt: skip


def test_weeks_and_shifts(here, django_assert_num_queries) -> None:
    outcomes(here, 3, "lift", 60)
    outcomes(here, 1, "lift", 1)
    outcomes(here, 2, "leak", 1)
    outcomes(here, 1, "leak", 400)  # longer ago than is looked at
    with django_assert_num_queries(2):
        weeks = record.weeks(here.community, "category")
        shifts = record.shifts(here.community, "category")
    assert sum(week.decided for week in weeks) == 6
    assert sum(week.agreed for week in weeks) == 4
    assert weeks[0].begins > weeks[-1].begins
    found = {one.code: round(one.change) for one in shifts}
    assert found == {"lift": -67, "leak": 67}


def kept(here, version: int, **values) -> TriageModel:
    return TriageModel.objects.create(
        community=here.community, subject="category", version=version, learnt=60, kept=15,
        codes=4, verdict="better", **{"data": b"x", **values},
    )  # fmt: skip


def test_a_supervisor_goes_back_on_record(here) -> None:
    former, used = kept(here, 1), kept(here, 2, in_use=True)
    take_into_use(former, here.supervisor)
    former.refresh_from_db()
    used.refresh_from_db()
    assert (former.in_use, former.held_by, used.in_use) == (True, here.supervisor, False)
    entry = AuditEntry.objects.get(action="triage.model_taken")
    assert (entry.actor, entry.subject) == (here.supervisor, str(former.uuid))
    assert entry.details == {"about": "category", "version": 1}
    assert let_nights_choose(here.community, "category", here.supervisor)
    assert not let_nights_choose(here.community, "category", here.supervisor)
    former.refresh_from_db()
    assert (former.in_use, former.held_by) == (True, None)


@pytest.mark.parametrize("values", [{"in_use": True}, {"data": b""}])
def test_what_cannot_be_used_is_refused(here, values) -> None:
    model = kept(here, 1, **values)
    with pytest.raises(NotUsable):
        take_into_use(model, here.supervisor)
    assert not AuditEntry.objects.filter(action="triage.model_taken").exists()


def test_models_are_read_without_their_data(here, django_assert_num_queries) -> None:
    for version in range(1, 5):
        kept(here, version, in_use=version == 2)
    with django_assert_num_queries(1):
        rows = record.models(here.community, "category")
    assert [row.version for row in rows] == [4, 3, 2, 1]
    assert record.usable(here.community) == {row.pk for row in rows}
