"""How requests come in."""

from __future__ import annotations

import pytest

from linli.kernel.access.links import find_link
from linli.kernel.people.models import Contact
from linli.kernel.procedures.errors import InvalidFacts, NotAllowed
from linli.kernel.procedures.performing import begin
from linli.mechanisms.casework.intake import title_of


def test_a_guest_reports_and_comes_back_by_the_secret_link(here) -> None:
    event = here.report(text="路灯坏了。晚上很黑。", phone="13800001111")

    matter = event.matter
    assert (matter.stage, matter.title, matter.text) == (
        "received", "路灯坏了", "路灯坏了。晚上很黑。",
    )  # fmt: skip
    assert matter.reporter.is_guest
    assert matter.reporter.contacts.get().kind == Contact.Kind.PHONE
    link = find_link(event.result["token"])
    assert (link.matter, link.person) == (matter, matter.reporter)
    assert find_link("a" * 26) is None
    assert sorted(matter.clocks.values_list("name", flat=True)) == ["reply", "triage"]
    assert matter.due_clock == "triage"
    assert matter.desk == here.desk


def test_someone_signed_in_reports_under_their_own_account(here) -> None:
    event = here.report(by=here.resident)

    assert event.matter.reporter == here.resident
    assert event.result == {}


def test_the_dispatchers_are_told_and_nobody_else(here) -> None:
    event = here.report()

    assert {notice.person for notice in event.notices.all()} == {here.dispatcher}


def test_a_doorway_code_fills_in_the_place(here) -> None:
    matter = here.report(doorway="DH0001").matter

    assert matter.area == here.grid_area
    assert matter.address_text == "东湖路1号2栋1单元"
    assert (matter.longitude, matter.latitude) == (114.305, 30.505)


def test_a_point_leads_to_its_grid(here) -> None:
    assert here.report(longitude=114.301, latitude=30.509).matter.area == here.grid_area


def test_a_point_outside_every_grid_is_taken_all_the_same(here) -> None:
    matter = here.report(longitude=100.0, latitude=20.0).matter

    assert matter.area is None
    assert (matter.longitude, matter.latitude) == (100.0, 20.0)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"doorway": "NOSUCH"}, "doorway"),
        ({"longitude": 114.3}, "address"),
        ({"longitude": 200, "latitude": 30}, "longitude"),
        ({"longitude": "x", "latitude": 30}, "longitude"),
        ({"category": "roads"}, "category"),
        ({"category": "nonsense"}, "category"),
        ({"address": "长" * 201}, "address"),
        ({"pictures": ["00000000-0000-0000-0000-000000000000"]}, "pictures"),
        ({"pictures": ["nonsense"]}, "pictures"),
    ],
)
def test_what_cannot_be_is_refused_by_field(here, facts, field) -> None:
    with pytest.raises(InvalidFacts) as refused:
        here.report(**facts)

    assert list(refused.value.errors) == [field]


def test_the_urgency_of_a_category_is_the_start(here) -> None:
    assert here.report(category="lift").matter.urgency == "urgent"


def test_staff_take_down_a_call(here) -> None:
    event = begin(
        "casework",
        "take_down",
        community=here.community,
        by=here.grid_worker,
        facts={"text": "老人摔倒", "channel": "visit", "urgency": "emergency", "name": "王奶奶"},
    )

    assert (event.matter.urgency, event.matter.channel) == ("emergency", "visit")
    assert event.matter.reporter.is_guest
    assert event.actor == here.grid_worker


@pytest.mark.parametrize("role", ["resident", "stranger", None])
def test_residents_do_not_take_down_calls(here, role) -> None:
    with pytest.raises(NotAllowed):
        begin(
            "casework",
            "take_down",
            community=here.community,
            by=getattr(here, role) if role else None,
            facts={"text": "好", "channel": "phone"},
        )


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("路灯坏了。很黑", "路灯坏了"),
        ("路灯坏了！很黑", "路灯坏了"),
        ("\n  路灯坏了\n很黑", "路灯坏了"),
        ("长" * 60, "长" * 39 + "…"),
        ("。", "。"),
    ],
)
def test_the_title_is_the_first_sentence(text, title) -> None:
    assert title_of(text) == title
