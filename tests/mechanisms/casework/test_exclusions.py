"""Left out of the rates: asked by the unit, decided by a second person, taken back on record."""

from __future__ import annotations

import pytest

from linli.kernel.events.models import Event
from linli.kernel.people.models import Person
from linli.kernel.procedures.errors import InvalidFacts, NotAllowed
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.models import Exclusion

ASK = {"reason": "force_majeure", "text": "洪水期间无法施工。"}
YES = {"decision": "accept", "grounds": "有气象证明。"}


def asked(here):
    matter = here.at_stage("closed")
    perform(matter, "ask_exclusion", by=here.handler, facts=ASK)
    return matter


def test_it_works(here) -> None:
    matter = asked(here)
    perform(matter, "decide_exclusion", by=here.supervisor, facts=YES)

    one = Exclusion.objects.get()
    assert (one.accepted, one.unit, one.asked_by) == (True, here.roads, here.handler)
    assert (one.decided_by, one.reversed_at) == (here.supervisor, None)
    matter.refresh_from_db()
    assert matter.stage == "closed"
    kinds = list(Event.objects.filter(matter=matter).order_by("seq").values_list("kind", flat=True))
    assert kinds[-2:] == ["casework.exclusion_asked", "casework.exclusion_decided"]


def test_refused_it_counts_and_may_be_asked_again(here) -> None:
    matter = asked(here)
    perform(matter, "decide_exclusion", by=here.supervisor, facts=YES | {"decision": "refuse"})

    assert Exclusion.objects.get().accepted is False
    perform(matter, "ask_exclusion", by=here.handler, facts=ASK)
    assert Exclusion.objects.count() == 2


def test_who_asked_does_not_decide(here) -> None:
    both = here.person("both", here.roads, "handler")
    here.post(both, here.street, "supervisor")
    matter = here.at_stage("closed")
    perform(matter, "ask_exclusion", by=Person.objects.get(pk=both.pk), facts=ASK)

    with pytest.raises(InvalidFacts):
        perform(matter, "decide_exclusion", by=Person.objects.get(pk=both.pk), facts=YES)


def test_nor_anybody_of_the_unit(here) -> None:
    matter = asked(here)
    here.post(here.supervisor, here.roads, "lead")

    with pytest.raises(InvalidFacts):
        perform(matter, "decide_exclusion", by=Person.objects.get(pk=here.supervisor.pk), facts=YES)
    assert Exclusion.objects.get().accepted is None


@pytest.mark.parametrize(
    "role", ["dispatcher", "caller", "supervisor", "resident", "other_handler"]
)
def test_only_the_unit_asks(here, role) -> None:
    matter = here.at_stage("closed")

    with pytest.raises(NotAllowed):
        perform(matter, "ask_exclusion", by=getattr(here, role), facts=ASK)


@pytest.mark.parametrize("role", ["dispatcher", "caller", "handler", "resident"])
def test_only_supervisors_decide(here, role) -> None:
    matter = asked(here)

    with pytest.raises(NotAllowed):
        perform(matter, "decide_exclusion", by=getattr(here, role), facts=YES)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"reason": "bad_mood", "text": "不想"}, "reason"),
        ({"reason": "force_majeure"}, "text"),
        ({"text": "无"}, "reason"),
        ({**ASK, "text": "长" * 5_001}, "text"),
    ],
)
def test_a_request_without_listed_reason_or_words_is_refused(here, facts, field) -> None:
    matter = here.at_stage("closed")

    with pytest.raises(InvalidFacts) as refused:
        perform(matter, "ask_exclusion", by=here.handler, facts=facts)

    assert list(refused.value.errors) == [field]


def test_asked_twice_is_refused(here) -> None:
    matter = asked(here)

    with pytest.raises(InvalidFacts):
        perform(matter, "ask_exclusion", by=here.handler, facts=ASK)
    perform(matter, "decide_exclusion", by=here.supervisor, facts=YES)
    with pytest.raises(InvalidFacts):
        perform(matter, "ask_exclusion", by=here.handler, facts=ASK)


def test_nothing_to_decide_is_refused(here) -> None:
    matter = here.at_stage("closed")

    for action, facts in (("decide_exclusion", YES), ("reverse_exclusion", {"grounds": "x"})):
        with pytest.raises(InvalidFacts):
            perform(matter, action, by=here.supervisor, facts=facts)


def test_taken_back_it_counts_again_and_both_stay_on_record(here) -> None:
    matter = asked(here)
    perform(matter, "decide_exclusion", by=here.supervisor, facts=YES)
    perform(matter, "reverse_exclusion", by=here.secretary, facts={"grounds": "证明有误。"})

    one = Exclusion.objects.get()
    assert (one.accepted, one.reversed_at is not None) == (True, True)
    assert Event.objects.filter(matter=matter, kind="casework.exclusion_reversed").count() == 1
