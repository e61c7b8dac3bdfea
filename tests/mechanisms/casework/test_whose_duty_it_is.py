"""Sending, returning with a reason, the third return, the supervisor's word (首接负责)."""

from __future__ import annotations

import pytest

from linli.kernel.procedures.errors import InvalidFacts, NotAllowed, WrongStage
from linli.kernel.procedures.performing import available_actions, perform

RETURN = {"reason": "not_our_duty", "explanation": "归物业管"}


def send(here, matter, unit):
    return perform(matter, "dispatch", by=here.dispatcher, facts={"to": str(unit.uuid)})


def returned(here, times: int):
    matter = here.at_stage("received")
    for number in range(times):
        unit, handler = (
            (here.roads, here.handler) if number % 2 == 0
            else (here.property_company, here.other_handler)
        )  # fmt: skip
        send(here, matter, unit)
        perform(matter, "return_to_desk", by=handler, facts=RETURN)
    matter.refresh_from_db()
    return matter


def test_the_first_unit_stays_answerable(here) -> None:
    matter = returned(here, 1)
    send(here, matter, here.property_company)

    assert matter.servicerequest.first_unit == here.roads


def test_a_return_leads_back_to_the_desk_with_its_clock(here) -> None:
    matter = returned(here, 1)

    assert (matter.stage, matter.responsible, matter.due_clock) == ("received", None, "triage")


def test_the_return_names_the_unit_that_returned_it(here) -> None:
    matter = returned(here, 1)

    event = matter.events.get(kind="casework.returned")
    assert event.organisation == here.roads


def test_a_return_needs_a_listed_reason(here) -> None:
    matter = here.at_stage("dispatched")

    with pytest.raises(InvalidFacts):
        perform(
            matter, "return_to_desk", by=here.handler,
            facts={"reason": "no_wish", "explanation": "不想"},
        )  # fmt: skip


def test_the_third_return_goes_to_the_supervisor(here) -> None:
    matter = returned(here, 3)

    assert matter.stage == "disputed"
    assert matter.events.last().notices.filter(person=here.secretary).exists()
    with pytest.raises(WrongStage):
        send(here, matter, here.roads)


def test_the_supervisors_word_binds(here) -> None:
    matter = returned(here, 3)

    perform(
        matter, "assign", by=here.supervisor,
        facts={"to": str(here.roads.uuid), "grounds": "路面归市政"},
    )  # fmt: skip

    with pytest.raises(InvalidFacts):
        perform(matter, "return_to_desk", by=here.handler, facts=RETURN)
    perform(matter, "accept", by=here.handler)


def test_a_unit_does_not_decide_for_itself(here) -> None:
    matter = returned(here, 3)

    with pytest.raises(NotAllowed):
        perform(
            matter, "assign", by=here.handler,
            facts={"to": str(here.property_company.uuid), "grounds": "不是我们"},
        )  # fmt: skip


def test_sending_it_where_it_lies_is_refused(here) -> None:
    matter = here.at_stage("dispatched")

    with pytest.raises(InvalidFacts):
        send(here, matter, here.roads)


def test_a_dissolved_unit_gets_nothing(here) -> None:
    matter = here.at_stage("received")
    here.roads.dissolved_on = "2020-01-01"
    here.roads.save()

    with pytest.raises(InvalidFacts):
        send(here, matter, here.roads)


def test_triage_decides_what_the_public_sees(here) -> None:
    matter = here.at_stage("received")
    assert matter.audience == "public"
    assert "路灯" not in matter.public_title

    perform(matter, "triage", by=here.dispatcher, facts={"category": "parking", "publish": False})
    matter.refresh_from_db()

    assert (matter.category, matter.audience) == ("parking", "staff")


def test_refer_and_close_end_it_and_tell_the_reporter(here) -> None:
    first, second = here.at_stage("received"), here.at_stage("received")
    referred = perform(
        first, "refer", by=here.dispatcher,
        facts={"reason": "other_authority", "referred_to": "区法院", "text": "请向法院起诉"},
    )  # fmt: skip
    closed = perform(second, "close", by=here.dispatcher, facts={"text": "内容为空"})

    for event in (referred, closed):
        event.matter.refresh_from_db()
        assert event.matter.closed_at is not None
        assert not event.matter.clocks.filter(stopped_at__isnull=True).exists()
        assert event.notices.filter(person=here.resident).exists()


def bound(here):
    matter = returned(here, 3)
    perform(
        matter, "assign", by=here.supervisor,
        facts={"to": str(here.roads.uuid), "grounds": "路面归市政"},
    )  # fmt: skip
    matter.refresh_from_db()
    return matter


def test_a_bound_unit_is_not_offered_to_return_it(here) -> None:
    matter = bound(here)

    names = [action.name for action in available_actions(matter, here.handler)]
    assert "accept" in names
    assert "return_to_desk" not in names
    assert matter.servicerequest.bound_to == here.roads
    assert matter.servicerequest.returns == 3


def test_the_desk_cannot_send_elsewhere_what_was_decided(here) -> None:
    matter = bound(here)

    with pytest.raises(InvalidFacts) as refused:
        send(here, matter, here.property_company)
    assert list(refused.value.errors) == ["to"]


def test_only_the_supervisor_decides_anew(here) -> None:
    matter = bound(here)

    perform(
        matter, "assign", by=here.supervisor,
        facts={"to": str(here.property_company.uuid), "grounds": "复核后归物业"},
    )  # fmt: skip

    matter.refresh_from_db()
    assert (matter.responsible, matter.servicerequest.bound_to) == (here.property_company,) * 2
    with pytest.raises(InvalidFacts):
        perform(matter, "return_to_desk", by=here.other_handler, facts=RETURN)


def test_the_supervisor_can_bind_the_unit_that_has_it(here) -> None:
    matter = here.at_stage("dispatched")

    perform(
        matter, "assign", by=here.supervisor,
        facts={"to": str(here.roads.uuid), "grounds": "就是市政的事"},
    )  # fmt: skip

    with pytest.raises(InvalidFacts):
        perform(matter, "return_to_desk", by=here.handler, facts=RETURN)


def test_each_return_is_counted_in_its_event(here) -> None:
    matter = returned(here, 3)

    events = matter.events.filter(kind="casework.returned").order_by("seq")
    assert [event.facts["returns"] for event in events] == [1, 2, 3]
    assert [event.to_stage for event in events] == ["received", "received", "disputed"]
