"""Duplicates share the work, each reporter keeps an own clock and rating; two wishes part."""

from __future__ import annotations

import pytest

from linli.kernel.matters.models import Matter, MatterLink
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.performing import perform


@pytest.fixture
def pair(here):
    main = here.at_stage("accepted")
    twin = here.report(text="同一个路灯").matter
    perform(twin, "merge", by=here.dispatcher, facts={"into": main.number})
    twin.refresh_from_db()
    return main, twin


def test_a_joined_matter_keeps_its_own_reply_clock(here, pair) -> None:
    _main, twin = pair

    assert twin.stage == "joined"
    running = twin.clocks.filter(stopped_at__isnull=True)
    assert [clock.name for clock in running] == ["reply"]


def test_reply_and_solution_are_passed_on_and_each_rates_alone(here, pair) -> None:
    main, twin = pair
    perform(main, "reply", by=here.handler, facts={"text": "本周修"})
    perform(main, "solve", by=here.handler, facts={"text": "修好了"})
    perform(
        main, "rate", by=here.resident, facts={"contacted": True, "solved": True, "satisfaction": 5}
    )
    perform(
        twin, "rate", by=twin.reporter,
        facts={"contacted": True, "solved": False, "satisfaction": 1},
    )  # fmt: skip

    main.refresh_from_db()
    twin.refresh_from_db()
    assert twin.servicerequest.reply == "本周修"
    assert twin.clocks.get(name="reply").kept is True
    assert (main.stage, twin.stage) == ("closed", "in_hand")
    assert twin.responsible == here.roads


def test_what_cannot_be_joined_is_refused(here, pair, elsewhere) -> None:
    main, twin = pair
    third = here.report().matter
    closed = here.at_stage("closed")
    foreign = elsewhere.report().matter

    for into in (third.number, twin.number, closed.number, foreign.number, "DH-1999-000001"):
        with pytest.raises(InvalidFacts):
            perform(third, "merge", by=here.dispatcher, facts={"into": into})
    with pytest.raises(InvalidFacts):  # others are joined to it
        perform(main, "merge", by=here.dispatcher, facts={"into": third.number})


def test_links_go_both_ways_to_see_and_only_once(here) -> None:
    first, second = here.at_stage("received"), here.at_stage("received")

    for _ in range(2):
        perform(first, "link", by=here.dispatcher, facts={"other": second.number.lower()})

    assert MatterLink.objects.filter(source=first, target=second).count() == 1


def test_two_wishes_become_two_matters_of_one_reporter(here) -> None:
    matter = here.at_stage("received")

    event = perform(
        matter, "split", by=here.dispatcher, facts={"text": "还有垃圾没人收", "category": "parking"}
    )

    second = Matter.objects.get(number=event.facts["second"])
    assert second.reporter == here.resident
    assert (second.text, second.stage, second.category) == ("还有垃圾没人收", "received", "parking")
    assert sorted(second.clocks.values_list("name", flat=True)) == ["reply", "triage"]
    perform(second, "withdraw", by=here.resident)
