"""Rating, call-backs, not reached, withdrawing and reopening."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.procedures.errors import InvalidFacts, NotAllowed, WrongStage
from linli.kernel.procedures.performing import perform

GOOD = {"contacted": True, "solved": True, "satisfaction": 4}
BAD = {"contacted": False, "solved": False, "satisfaction": 1}


def test_solved_closes_it(here) -> None:
    matter = here.at_stage("solved")

    perform(matter, "rate", by=here.resident, facts=GOOD)

    matter.refresh_from_db()
    request = matter.servicerequest
    assert matter.stage == "closed"
    assert (request.contacted, request.solved, request.satisfaction) == (True, True, 4)


@pytest.mark.parametrize("role", ["handler", "dispatcher", "caller", "secretary", "stranger"])
def test_nobody_else_rates(here, role) -> None:
    matter = here.at_stage("solved")

    with pytest.raises(NotAllowed):
        perform(matter, "rate", by=getattr(here, role), facts=GOOD)


def test_rating_twice_is_refused(here) -> None:
    matter = here.at_stage("closed")

    with pytest.raises(WrongStage):
        perform(matter, "rate", by=here.resident, facts=BAD)


@pytest.mark.parametrize(
    "facts",
    [GOOD | {"satisfaction": 6}, GOOD | {"satisfaction": 0}, {"solved": True, "contacted": True},
     GOOD | {"solved": "maybe"}, GOOD | {"satisfaction": "much"}],
)  # fmt: skip
def test_a_rating_that_is_none_is_refused(here, facts) -> None:
    matter = here.at_stage("solved")

    with pytest.raises(InvalidFacts):
        perform(matter, "rate", by=here.resident, facts=facts)


def test_the_caller_takes_it_down_but_not_the_unit(here) -> None:
    matter = here.at_stage("solved")

    with pytest.raises(NotAllowed):
        perform(matter, "call_back", by=here.handler, facts=GOOD)
    event = perform(matter, "call_back", by=here.caller, facts=GOOD)

    assert event.to_stage == "closed"


def test_not_solved_by_telephone_goes_back_in_hand(here) -> None:
    matter = here.at_stage("solved")

    event = perform(matter, "call_back", by=here.caller, facts=BAD)

    assert event.to_stage == "in_hand"


def test_withdrawing_is_the_reporters_alone(here) -> None:
    matter = here.at_stage("dispatched")

    with pytest.raises(NotAllowed):
        perform(matter, "withdraw", by=here.dispatcher)
    perform(matter, "withdraw", by=here.resident)

    matter.refresh_from_db()
    assert matter.stage == "withdrawn"


def test_it_can_be_reopened_within_thirty_days(here) -> None:
    matter = here.at_stage("closed")
    on_day_30 = matter.closed_at + timedelta(days=30)

    perform(matter, "reopen", by=here.resident, facts={"text": "又坏了"}, at=on_day_30)

    matter.refresh_from_db()
    assert (matter.stage, matter.closed_at, matter.servicerequest.reopened) == ("in_hand", None, 1)


def test_after_thirty_days_it_is_a_new_matter(here) -> None:
    matter = here.at_stage("closed")
    too_late = matter.closed_at + timedelta(days=30, seconds=1)

    with pytest.raises(InvalidFacts):
        perform(matter, "reopen", by=here.resident, facts={"text": "又坏了"}, at=too_late)


def test_reopening_what_nobody_had_leads_to_the_desk(here) -> None:
    matter = here.at_stage("received")
    perform(matter, "withdraw", by=here.resident)

    perform(matter, "reopen", by=here.resident, facts={"text": "还是要办"})

    matter.refresh_from_db()
    assert (matter.stage, matter.due_clock) == ("received", "triage")


def test_a_guest_rates_by_the_secret_link(here) -> None:
    matter = here.report().matter
    perform(matter, "triage", by=here.dispatcher, facts={"category": "pothole"})
    perform(matter, "dispatch", by=here.dispatcher, facts={"to": str(here.roads.uuid)})
    perform(matter, "reply", by=here.handler, facts={"text": "好"})
    perform(matter, "solve", by=here.handler, facts={"text": "好了"}, at=timezone.now())

    event = perform(matter, "rate", by=matter.reporter, facts=GOOD)

    assert event.relation == "reporter"
