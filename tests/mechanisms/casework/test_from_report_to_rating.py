"""A request's plain way, and the way back when it is not solved."""

from __future__ import annotations

from linli.kernel.procedures.performing import perform


def test_it_works(here) -> None:
    matter = here.at_stage("closed")

    assert matter.stage == "closed"
    assert matter.closed_at is not None
    assert matter.servicerequest.solved is True
    assert [event.kind for event in matter.events.order_by("seq")] == [
        "casework.reported",
        "casework.triaged",
        "casework.dispatched",
        "casework.accepted",
        "casework.replied",
        "casework.solved",
        "casework.rated",
    ]


def test_not_solved_goes_back_in_hand_and_the_street_is_told(here) -> None:
    matter = here.at_stage("solved")

    facts = {"contacted": True, "solved": False, "satisfaction": 1}
    event = perform(matter, "rate", by=here.resident, facts=facts)

    assert event.to_stage == "in_hand"
    clock = matter.clocks.get(name="solve", stopped_at__isnull=True)
    assert clock.level == 1
    assert event.notices.filter(person=here.secretary).exists()
