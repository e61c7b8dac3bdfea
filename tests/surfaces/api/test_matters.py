"""Matters over the API: the plain way, lists, and what each caller may read of one."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from linli.kernel.matters.models import Matter
from linli.kernel.procedures.performing import perform
from tests.surfaces.api.conftest import REPORT, is_problem


def numbers(page) -> list[str]:
    assert page.status_code == 200, page.content
    return [item["number"] for item in page.json()["items"]]


def test_from_report_to_reply(here, calls) -> None:
    made = calls("resident").post("/matters", REPORT)
    assert made.status_code == 201
    matter = Matter.objects.get(number=made.json()["number"])

    desk, unit = calls("dispatcher"), calls("handler")
    steps = [
        (desk, "triage", {"facts": {"category": "pothole"}, "version": 1}),
        (desk, "dispatch", {"facts": {"to": str(here.roads.uuid)}, "version": 2}),
        (unit, "accept", {"version": 3}),
        (unit, "reply", {"facts": {"text": "本周修好"}, "version": 4}),
    ]
    for caller, action, body in steps:
        answer = caller.act(matter, action, body)
        assert answer.status_code == 200, answer.content

    assert answer.json()["stage"] == "in_hand"
    seen = unit.get(f"/matters/{matter.number}").json()
    assert (seen["stage"], seen["version"], seen["responsible"]["name"]) == (
        "in_hand", 5, here.roads.name,
    )  # fmt: skip
    assert "solve" in [action["name"] for action in seen["actions"]]
    events = unit.get(f"/matters/{matter.number}/events").json()
    assert events[-1]["kind"] == "casework.replied"
    assert events[-1]["facts"] == {"text": "本周修好"}


def test_an_offered_action_can_be_followed(here, calls) -> None:
    matter = here.at_stage("dispatched")
    caller = calls("handler")

    offered = caller.get(f"/matters/{matter.number}").json()["actions"]
    accept = next(action for action in offered if action["name"] == "accept")
    answer = caller.post(accept["href"].removeprefix("/api/v1"), {})

    assert answer.json()["stage"] == "accepted"


def test_staff_take_down_on_behalf_of_someone(here, calls) -> None:
    body = {
        "procedure": "casework",
        "start": "take_down",
        "facts": {"text": "电梯坏了。", "channel": "phone", "phone": "13900001111"},
    }

    answer = calls("dispatcher").post("/matters", body)

    assert answer.status_code == 201
    token = answer.json()["tracking_token"]
    assert calls(None).client.get(f"/t/{token}/").status_code == 200
    matter = Matter.objects.get()
    assert (matter.channel, matter.reporter.is_guest) == ("phone", True)


def test_residents_do_not_take_down(calls) -> None:
    body = REPORT | {"start": "take_down", "facts": {"text": "x", "channel": "phone"}}

    is_problem(calls("resident").post("/matters", body), 403, "not-allowed")


# --- who reads what -------------------------------------------------------------------------
def test_the_public_part_of_a_matter_is_all_a_stranger_reads(here, calls) -> None:
    place = {"longitude": 114.3012345, "latitude": 30.5012345}
    matter = here.at_stage("in_hand", text="张三家漏水", address="三栋502", **place)

    caller = calls("stranger")
    seen = caller.get(f"/matters/{matter.number}").json()

    assert seen["title"] == seen["public_title"]
    assert seen["text"] == seen["public_text"] == ""
    hidden = ("address", "urgency", "channel", "audience", "desk", "due_at", "due_clock")
    assert [seen[name] for name in hidden] == [None] * len(hidden)
    assert (seen["longitude"], seen["latitude"]) == (114.301, 30.501)
    assert seen["actions"] == []
    assert "漏水" not in str(seen) + caller.get("/matters").content.decode()
    events = caller.get(f"/matters/{matter.number}/events").content.decode()
    assert "漏水" not in events
    assert "三栋" not in events


def test_the_unit_in_charge_reads_the_text_and_the_place(here, calls) -> None:
    matter = here.at_stage("in_hand", text="张三家漏水", longitude=114.3012345, latitude=30.5)

    for seen in (
        calls("handler").get(f"/matters/{matter.number}").json(),
        calls("handler").get("/matters").json()["items"][0],
        calls("handler").get("/me/inbox").json()["items"][0],
    ):
        assert seen["text"] == "张三家漏水"
        assert seen["longitude"] == 114.3012345
        assert seen["due_clock"]


def test_the_reporter_reads_what_was_written_but_no_staff_note(here, calls) -> None:
    matter = here.at_stage("in_hand", text="张三家漏水", address="三栋502")
    perform(matter, "note", by=here.dispatcher, facts={"text": "不要告诉他"})

    caller = calls("resident")
    seen = caller.get(f"/matters/{matter.number}").json()
    events = caller.get(f"/matters/{matter.number}/events").json()

    assert (seen["text"], seen["address"], seen["reported_by_me"]) == (
        "张三家漏水", "三栋502", True,
    )  # fmt: skip
    assert seen["reporter"] is None
    assert seen["audience"] is None
    assert "casework.noted" not in [event["kind"] for event in events]
    assert "不要告诉" not in str(events)


def test_nobody_reads_the_reporters_name_or_number(here, calls) -> None:
    matter = here.at_stage(
        "in_hand", by=None, name="欧阳小明", phone="13912345678", email="x@example.org"
    )
    matter_by_guest = here.report(name="欧阳小明", phone="13912345678").matter

    for role in ("dispatcher", "handler", "secretary", "supervisor", "caller"):
        caller = calls(role)
        for one in (matter, matter_by_guest):
            for path in ("", "/events"):
                text = caller.get(f"/matters/{one.number}{path}").content.decode()
                assert "欧阳" not in text
                assert "13912345678" not in text
        assert numbers(caller.get("/matters?text=13912345678")) == []
    seen = calls("dispatcher").get(f"/matters/{matter_by_guest.number}").json()
    assert seen["reporter"] == {"account": False, "contacts": ["name", "phone"]}


def test_the_organisation_complained_of_learns_nothing_of_the_reporter(here, calls) -> None:
    matter = here.report(text="物业不管。", phone="13912345678").matter
    perform(matter, "triage", by=here.dispatcher, facts={"category": "pothole"})
    to = {"to": str(here.property_company.uuid), "complained_of": str(here.property_company.uuid)}
    perform(matter, "dispatch", by=here.dispatcher, facts=to)

    accused = calls("other_handler").get(f"/matters/{matter.number}").json()
    desk = calls("dispatcher").get(f"/matters/{matter.number}").json()

    assert accused["reporter"] is None
    assert desk["reporter"] == {"account": False, "contacts": ["phone"]}


@pytest.mark.parametrize("role", ["stranger", "other_handler"])
def test_a_matter_one_may_not_see_is_as_absent_as_none(here, calls, role) -> None:
    hidden = here.report(by=here.resident).matter
    caller = calls(role)

    for path in ("", "/events"):
        there = caller.get(f"/matters/{hidden.number}{path}")
        nowhere = caller.get(f"/matters/DH-2026-999999{path}")
        assert there.status_code == nowhere.status_code == 404
        assert there.content == nowhere.content
    for body in ({}, {"facts": {"category": "pothole"}, "version": 1}):
        is_problem(caller.act(hidden, "triage", body), 404, "not-found")
    assert numbers(caller.get("/matters")) == []


def test_another_community_sees_nothing(here, elsewhere, calls) -> None:
    public = elsewhere.at_stage("in_hand")
    caller = calls("secretary")

    is_problem(caller.get(f"/matters/{public.number}"), 404, "not-found")
    assert numbers(caller.get("/matters")) == numbers(caller.get("/me/inbox")) == []


# --- lists ----------------------------------------------------------------------------------
def test_lists_page_without_gap_or_twin(here, calls) -> None:
    made = [here.report(by=here.resident).matter.number for _ in range(7)]
    caller, found, address = calls("resident"), [], "/matters?limit=3"

    while address:
        page = caller.get(address)
        found += numbers(page)
        address = page.json()["next"]
        here.report(by=here.resident)  # what comes in meanwhile moves nothing

    assert found == made[::-1]


def test_who_copies_by_time_of_change_misses_nothing(here, calls) -> None:
    first, second, third = (here.report(by=here.resident).matter for _ in range(3))
    Matter.objects.filter(pk=first.pk).update(changed_at=timezone.now() - timedelta(days=9))
    perform(second, "triage", by=here.dispatcher, facts={"category": "pothole"})
    since = (timezone.now() - timedelta(days=1)).isoformat()
    caller = calls("dispatcher")

    page = caller.get(f"/matters?{urlencode({'updated_since': since, 'limit': 1})}")
    assert numbers(page) == [third.number]
    page = caller.get(page.json()["next"])
    assert numbers(page) == [second.number]
    assert page.json()["next"] is None


def test_each_filter_narrows(here, calls) -> None:
    with_unit = here.at_stage("in_hand", text="井盖丢了。", longitude=114.305, latitude=30.505)
    fresh = here.report(by=here.resident, category="lift", text="电梯坏了。").matter
    perform(fresh, "withdraw", by=here.resident)
    caller = calls("dispatcher")
    both = [fresh.number, with_unit.number]

    for query, wanted in {
        "": both,
        "procedure=casework": both,
        "procedure=alchemy": [],
        "stage=in_hand": both[1:],
        "category=lift": both[:1],
        "area=dh-grid-1": both[1:],
        "responsible=roads": both[1:],
        "open=true": both[1:],
        "open=false": both[:1],
        f"text={with_unit.number}": both[1:],
        "text=电梯": both[:1],
        "updated_since=2099-01-01T00:00:00Z": [],
    }.items():
        assert numbers(caller.get(f"/matters?{query}")) == wanted, query


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "after=nonsense", "after=%00", "text=%00", "stage=%00",
     "updated_since=2026", "updated_since=0001-01-01T00:00:00%2B14:00", "open=perhaps",
     "after=MjAyNi0xMS0yNFQwMjo1OTowOSswMDowMCBYWC0yMDI2LTAwMDAwMQ", f"text={'x' * 101}",
     "after=MjAyNi0xMS0yNFQwMjo1OTowOSBESC0yMDI2LTAwMDAwMQ"],
)  # fmt: skip
def test_what_narrows_nothing_sensible_is_refused(here, calls, query) -> None:
    here.report(by=here.resident)

    body = is_problem(calls("resident").get(f"/matters?{query}"), 422, "invalid-facts")

    assert list(body["errors"]) == [query.partition("=")[0]]


def test_the_inbox_is_sorted_by_clock_and_paged(here, calls) -> None:
    slow = here.at_stage("received")
    fast = here.report(category="lift").matter
    caller = calls("dispatcher")

    page = caller.get("/me/inbox?limit=1")

    assert numbers(page) == [fast.number]
    assert numbers(caller.get(page.json()["next"])) == [slow.number]
    assert numbers(calls("stranger").get("/me/inbox")) == []
