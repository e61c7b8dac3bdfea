"""One request, several units: the lead unit waits for the parts it handed out."""

from __future__ import annotations

import pytest

from linli.kernel.matters.models import Matter, MatterLink
from linli.kernel.procedures.errors import InvalidFacts, NotAllowed
from linli.kernel.procedures.performing import available_actions, perform
from linli.mechanisms.casework.leading import lead_of, open_parts_of, parts_of


def handed_out(here):
    lead = here.at_stage("in_hand", longitude=114.305, latitude=30.505)
    facts = {"to": str(here.property_company.uuid), "text": "清理楼道杂物。"}
    perform(lead, "hand_out", by=here.handler, facts=facts)
    part = parts_of(lead).get()
    return lead, part


def finished(here, part):
    perform(part, "accept", by=here.other_handler)
    return perform(part, "finish_part", by=here.other_handler, facts={"text": "清完了。"})


def test_it_works(here) -> None:
    lead, part = handed_out(here)

    assert (part.stage, part.responsible, part.reporter) == (
        "dispatched", here.property_company, None,
    )  # fmt: skip
    assert (part.category, part.area, part.audience) == (lead.category, here.grid_area, "staff")
    assert lead_of(part) == lead
    assert {clock.name for clock in part.clocks.filter(stopped_at=None)} == {"accept", "solve"}
    with pytest.raises(InvalidFacts) as refused:
        perform(lead, "solve", by=here.handler, facts={"text": "好了"})
    assert part.number in refused.value.errors["__all__"][0]

    event = finished(here, part)

    assert event.to_stage == "closed"
    assert event.notices.filter(person=here.handler).exists()
    perform(lead, "solve", by=here.handler, facts={"text": "都好了"})
    lead.refresh_from_db()
    assert lead.stage == "solved"


def test_a_part_is_not_asked_about_and_not_counted_as_answered(here) -> None:
    _lead, part = handed_out(here)
    names = {one.name for one in available_actions(part, here.other_handler)}
    assert "accept" in names
    assert not names & {"reply", "solve", "ask_reporter", "split", "hand_out"}
    for action, facts in (
        ("reply", {"text": "会办"}), ("ask_reporter", {"text": "哪里?"}),
        ("split", {"text": "另一件"}),
    ):  # fmt: skip
        with pytest.raises(InvalidFacts):
            perform(part, action, by=here.other_handler, facts=facts)
    finished(here, part)
    assert not part.events.filter(kind__in=("casework.replied", "casework.solved")).exists()
    assert not part.clocks.filter(name__in=("ask", "reply")).exists()


def test_one_level_deep(here) -> None:
    _lead, part = handed_out(here)
    perform(part, "accept", by=here.other_handler)
    facts = {"to": str(here.grid.uuid), "text": "再分"}
    with pytest.raises(InvalidFacts):
        perform(part, "hand_out", by=here.other_handler, facts=facts)


def test_not_to_the_lead_unit_itself(here) -> None:
    lead = here.at_stage("in_hand")
    with pytest.raises(InvalidFacts) as refused:
        perform(lead, "hand_out", by=here.handler, facts={"to": str(here.roads.uuid), "text": "x"})
    assert list(refused.value.errors) == ["to"]


def test_only_the_lead_unit_and_the_desk_hand_out(here) -> None:
    lead = here.at_stage("in_hand")
    facts = {"to": str(here.property_company.uuid), "text": "x"}
    for person in (here.other_handler, here.resident, here.caller):
        with pytest.raises(NotAllowed):
            perform(lead, "hand_out", by=person, facts=facts)
    perform(lead, "hand_out", by=here.dispatcher, facts=facts)


def test_without_a_part_for_a_reason(here) -> None:
    lead, part = handed_out(here)
    facts = {"part": part.number, "reason": "现场已无杂物"}

    perform(lead, "do_without", by=here.handler, facts=facts)

    part.refresh_from_db()
    assert part.stage == "closed"
    assert part.events.last().facts["reason"] == "现场已无杂物"
    perform(lead, "solve", by=here.handler, facts={"text": "好了"})
    with pytest.raises(NotAllowed):
        perform(part, "do_without", by=here.handler, facts=facts)


def test_no_part_of_this_one(here) -> None:
    lead, _part = handed_out(here)
    other = here.report().matter
    with pytest.raises(InvalidFacts) as refused:
        perform(
            lead, "do_without", by=here.handler, facts={"part": other.number, "reason": "x"}
        )  # fmt: skip
    assert list(refused.value.errors) == ["part"]


def test_parts_end_with_the_whole(here) -> None:
    lead, part = handed_out(here)

    perform(lead, "withdraw", by=here.resident)

    part.refresh_from_db()
    assert part.stage == "closed"
    assert not open_parts_of(lead).exists()


def test_a_part_is_never_on_the_public_board(here) -> None:
    _lead, part = handed_out(here)
    perform(part, "triage", by=here.dispatcher, facts={"category": "pothole", "publish": True})
    part.refresh_from_db()
    assert part.audience == "staff"


def test_neither_a_part_nor_what_has_parts_is_joined(here) -> None:
    lead, part = handed_out(here)
    other = here.report().matter
    for matter, into in ((lead, other), (part, other), (other, part)):
        with pytest.raises(InvalidFacts):
            perform(matter, "merge", by=here.dispatcher, facts={"into": into.number})


def test_no_way_leads_to_a_circle(here) -> None:
    lead, part = handed_out(here)
    perform(lead, "link", by=here.handler, facts={"other": part.number})
    kinds = MatterLink.objects.filter(source=lead, target=part).values_list("kind", flat=True)
    assert list(kinds) == ["related_to"]
    assert not parts_of(part).exists()


def test_the_unit_can_return_its_part(here) -> None:
    lead, part = handed_out(here)
    facts = {"reason": "not_our_duty", "explanation": "不归我们"}
    perform(part, "return_to_desk", by=here.other_handler, facts=facts)
    part.refresh_from_db()
    assert (part.stage, part.responsible) == ("received", None)
    assert Matter.objects.get(pk=lead.pk).stage == "in_hand"
