"""A dissolved unit leaves its open requests to who stands above it, or to the desk."""

from __future__ import annotations

import pytest
from django.utils import timezone

from linli.kernel.organisations.administering import dissolve_organisation
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.dissolving import pass_on_what_dissolved_units_had


@pytest.fixture
def boss(here):
    boss = here.person("boss", here.street, "secretary")
    return boss


def test_back_to_the_desk_where_nobody_above_handles(here, boss) -> None:
    waiting, done = here.at_stage("in_hand"), here.at_stage("solved")
    due = waiting.clocks.get(name="solve").due_at
    dissolve_organisation(boss, here.roads)

    assert pass_on_what_dissolved_units_had() == 2
    assert pass_on_what_dissolved_units_had() == 0

    waiting.refresh_from_db()
    done.refresh_from_db()
    assert (waiting.stage, waiting.responsible) == ("received", None)
    assert waiting.clocks.get(name="solve").due_at == due  # the reporter waits no longer
    assert (done.stage, done.responsible) == ("solved", here.desk)
    event = waiting.events.last()
    assert (event.kind, event.relation) == ("casework.unit_dissolved", "system")
    assert event.facts == {"was": "市政所", "now": ""}
    assert event.notices.filter(person=here.dispatcher).exists()


def test_to_the_unit_above_that_handles(here, boss) -> None:
    heir = here.person("heir", here.committee, "handler")
    matter = here.at_stage("accepted")
    dissolve_organisation(boss, here.roads)

    pass_on_what_dissolved_units_had()

    matter.refresh_from_db()
    assert (matter.stage, matter.responsible) == ("accepted", here.committee)
    assert matter.events.last().notices.filter(person=heir).exists()
    perform(matter, "reply", by=heir, facts={"text": "我们接着办。"})


def test_who_was_bound_binds_the_heir(here, boss) -> None:
    here.person("heir", here.committee, "handler")
    matter = here.at_stage("received")
    facts = {"to": str(here.roads.uuid), "grounds": "归市政"}
    perform(matter, "assign", by=here.supervisor, facts=facts)
    dissolve_organisation(boss, here.roads)
    pass_on_what_dissolved_units_had()

    matter.refresh_from_db()
    assert matter.servicerequest.bound_to == here.committee


def test_a_desk_that_is_gone_gives_way_to_the_present_one(here) -> None:
    matter = here.at_stage("dispatched")
    here.desk.dissolved_on = timezone.localdate()
    here.desk.code = "old"
    here.desk.save()

    pass_on_what_dissolved_units_had()

    matter.refresh_from_db()
    assert matter.desk == here.street  # no other desk: the top of the tree
    assert (matter.stage, matter.responsible) == ("dispatched", here.roads)


def test_a_unit_that_stands_keeps_what_it_has(here) -> None:
    matter = here.at_stage("in_hand")
    assert pass_on_what_dissolved_units_had() == 0
    with pytest.raises(InvalidFacts):
        perform(matter, "pass_on_from_dissolved", by="system")
