"""Calling back: claims, three tries, the interval, who may not, and the first answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.events.models import Event
from linli.kernel.people.models import Person
from linli.kernel.procedures.errors import InvalidFacts, WrongStage
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.asking_back import answer_given, script_for
from linli.mechanisms.casework.claiming import calls_for, claim, claim_next, waiting_calls

GOOD = {"contacted": True, "solved": True, "satisfaction": 4}
BAD = {"contacted": False, "solved": False, "satisfaction": 1}


def tried(here, matter, number: int, **facts) -> Event:
    """Note the try of a day: far enough apart from the others."""
    at = timezone.now() + timedelta(days=10 * number)
    return perform(matter, "not_reached", by=here.caller, facts=facts, at=at)


def test_it_works(here) -> None:
    matter = here.at_stage("solved")

    assert claim_next(here.caller, here.community) == matter
    event = perform(matter, "call_back", by=here.caller, facts=GOOD)

    assert (event.to_stage, event.facts["tries"]) == ("closed", 1)
    assert not calls_for(here.caller, here.community).exists()


def test_three_tries_and_it_is_not_reached_which_is_no_satisfaction(here) -> None:
    matter = here.at_stage("solved")

    stages = [tried(here, matter, number).to_stage for number in range(3)]

    assert stages == ["solved", "solved", "closed"]
    matter.refresh_from_db()
    request = matter.servicerequest
    assert (request.not_reached, request.solved, request.satisfaction) == (True, None, None)
    kept = Event.objects.filter(matter=matter, kind="casework.not_reached").order_by("seq")
    assert [event.facts["tries"] for event in kept] == [1, 2, 3]


def test_between_two_tries_lies_the_interval(here) -> None:
    matter = here.at_stage("solved")
    perform(matter, "not_reached", by=here.caller)

    with pytest.raises(InvalidFacts) as refused:
        perform(matter, "not_reached", by=here.caller)

    assert "__all__" in refused.value.errors
    assert not waiting_calls(here.caller, here.community).exists()
    later = timezone.now() + timedelta(days=10)
    assert list(waiting_calls(here.caller, here.community, later)) == [matter]


def test_an_answer_is_taken_down_before_the_interval_is_over(here) -> None:
    matter = here.at_stage("solved")
    perform(matter, "not_reached", by=here.caller)

    assert perform(matter, "call_back", by=here.caller, facts=GOOD).to_stage == "closed"


def test_who_names_a_time_is_called_then(here) -> None:
    matter = here.at_stage("solved")
    wish = timezone.now() + timedelta(days=2)

    perform(matter, "not_reached", by=here.caller, facts={"outcome": "later", "call_at": wish})

    matter.refresh_from_db()
    assert matter.servicerequest.call_again_at == wish
    before, after = wish - timedelta(minutes=1), wish + timedelta(minutes=1)
    assert not waiting_calls(here.caller, here.community, before).exists()
    assert waiting_calls(here.caller, here.community, after).exists()


def test_a_wish_at_the_last_try_is_granted_but_not_for_ever(here) -> None:
    matter = here.at_stage("solved")
    stages = []
    for number in range(6):
        wish = timezone.now() + timedelta(days=10 * number + 5)
        stages.append(tried(here, matter, number, outcome="later", call_at=wish).to_stage)

    assert stages == ["solved"] * 5 + ["closed"]


def test_who_does_not_want_to_be_asked_is_not_called_again(here) -> None:
    matter = here.at_stage("solved")

    assert tried(here, matter, 0, outcome="refused").to_stage == "closed"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"outcome": "later"}, "call_at"),
        ({"outcome": "later", "call_at": timezone.now() - timedelta(hours=1)}, "call_at"),
        ({"outcome": "later", "call_at": timezone.now() + timedelta(days=90)}, "call_at"),
        ({"outcome": "later", "call_at": "2030-01-01T10:00:00"}, "call_at"),
        ({"outcome": "no_answer", "call_at": timezone.now() + timedelta(days=1)}, "call_at"),
        ({"outcome": "no_answer", "call_at": "tomorrow"}, "call_at"),
        ({"outcome": "asleep"}, "outcome"),
    ],
)
def test_what_is_no_outcome_is_refused(here, facts, field) -> None:
    matter = here.at_stage("solved")

    with pytest.raises(InvalidFacts) as refused:
        perform(matter, "not_reached", by=here.caller, facts=facts)

    assert list(refused.value.errors) == [field]
    matter.refresh_from_db()
    assert matter.servicerequest.contact_tries == 0


def test_the_units_own_people_take_nothing_down(here) -> None:
    matter = here.at_stage("solved")
    here.post(here.caller, here.roads, "handler")  # two posts: caller, and of the unit
    caller = Person.objects.get(pk=here.caller.pk)

    for action, facts in (("call_back", GOOD), ("not_reached", {})):
        with pytest.raises(InvalidFacts):
            perform(matter, action, by=caller, facts=facts)
    assert not calls_for(caller, here.community).exists()


def test_a_desk_that_did_the_work_itself_does_not_judge_it(here) -> None:
    matter = here.at_stage("received")
    perform(matter, "triage", by=here.dispatcher, facts={"category": "pothole"})
    perform(matter, "dispatch", by=here.dispatcher, facts={"to": str(here.desk.uuid)})
    worker = here.person("desk-worker", here.desk, "handler")
    perform(matter, "reply", by=worker, facts={"text": "办"})
    perform(matter, "solve", by=worker, facts={"text": "办好"})

    with pytest.raises(InvalidFacts):
        perform(matter, "call_back", by=here.caller, facts=GOOD)
    assert not calls_for(here.caller, here.community).exists()
    assert perform(matter, "call_back", by=here.secretary, facts=GOOD).to_stage == "closed"


# --- claims -------------------------------------------------------------------------------------
def test_two_do_not_call_the_same_reporter(here) -> None:
    matter = here.at_stage("solved")
    other = here.person("second-caller", here.desk, "caller")

    assert claim(matter, here.caller)
    assert not claim(matter, other)
    assert claim_next(other, here.community) is None
    with pytest.raises(InvalidFacts) as refused:
        perform(matter, "call_back", by=other, facts=GOOD)
    assert str(here.caller) in refused.value.errors["__all__"][0]


def test_a_claim_lapses_by_itself(here) -> None:
    matter = here.at_stage("solved")
    other = here.person("second-caller", here.desk, "caller")
    claim(matter, here.caller)
    later = timezone.now() + timedelta(minutes=16)

    assert claim_next(other, here.community, later) == matter
    assert claim(matter, here.caller, later) is False


def test_the_one_that_presses_most_comes_first_and_one_at_a_time(here) -> None:
    first = here.at_stage("solved")
    second = here.at_stage("solved", by=here.stranger)

    assert claim_next(here.caller, here.community) == first
    assert claim_next(here.caller, here.community) == first  # the call one has, not another
    assert claim(second, here.caller)
    assert list(waiting_calls(here.secretary, here.community)) == [first]


def test_an_answer_on_the_web_lets_the_call_go(here) -> None:
    matter = here.at_stage("solved")
    claim(matter, here.caller)

    perform(matter, "rate", by=here.resident, facts=GOOD)

    with pytest.raises(WrongStage):
        perform(matter, "call_back", by=here.caller, facts=BAD)
    assert claim_next(here.caller, here.community) is None
    matter.refresh_from_db()
    assert matter.servicerequest.satisfaction == 4


def test_nobody_calls_who_is_no_caller(here) -> None:
    here.at_stage("solved")

    for name in ("handler", "grid_worker", "resident", "supervisor", "other_handler"):
        assert not calls_for(getattr(here, name), here.community).exists()


def test_neighbours_are_not_called(here, elsewhere) -> None:
    here.at_stage("solved")

    assert claim_next(elsewhere.caller, elsewhere.community) is None


# --- words --------------------------------------------------------------------------------------
def test_the_script_is_the_packs(here) -> None:
    matter = here.at_stage("solved")

    said = script_for(matter)

    assert matter.number in said
    assert here.roads.name in said
    assert "{" not in said


@pytest.mark.parametrize(
    ("action", "facts", "way"),
    [("rate", {"through": "link"}, "link"), ("rate", {}, "web"), ("call_back", {}, "telephone")],
)
def test_how_the_answer_came_is_known(here, action, facts, way) -> None:
    from django.utils.translation import override

    matter = here.at_stage("solved")
    by = here.caller if action == "call_back" else here.resident
    perform(matter, action, by=by, facts=GOOD | facts)

    with override("en"):
        given = answer_given(matter)
        assert given is not None
        assert way in given.sentence


def test_the_queue_costs_one_query(here, django_assert_num_queries) -> None:
    for _ in range(3):
        here.at_stage("solved")
    caller = Person.objects.get(pk=here.caller.pk)
    list(calls_for(caller, here.community))  # reads the posts once

    with django_assert_num_queries(1):
        assert len(waiting_calls(caller, here.community)) == 3
