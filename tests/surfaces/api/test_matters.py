"""Matters over the API: the plain way, then each refusal."""

from __future__ import annotations

import pytest

from linli.kernel.matters.models import Matter
from linli.kernel.procedures.performing import perform

REPORT = {"procedure": "casework", "start": "report", "facts": {"text": "路灯坏了。"}}


def is_problem(answer, status: int, kind: str) -> dict:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == f"/problems/{kind}"
    assert body["status"] == status
    assert body["title"]
    return body


def test_from_report_to_reply(here, calls) -> None:
    made = calls("resident").post("/matters", REPORT)
    assert made.status_code == 201
    number = made.json()["number"]

    desk, unit = calls("dispatcher"), calls("handler")
    steps = [
        (desk, "triage", {"facts": {"category": "pothole"}, "version": 1}),
        (desk, "dispatch", {"facts": {"to": str(here.roads.uuid)}, "version": 2}),
        (unit, "accept", {"version": 3}),
        (unit, "reply", {"facts": {"text": "本周修好"}, "version": 4}),
    ]
    for caller, action, body in steps:
        answer = caller.post(f"/matters/{number}/actions/{action}", body)
        assert answer.status_code == 200, answer.content

    assert answer.json()["stage"] == "in_hand"
    seen = unit.get(f"/matters/{number}").json()
    assert (seen["stage"], seen["version"], seen["responsible"]["name"]) == (
        "in_hand", 5, here.roads.name,
    )  # fmt: skip
    assert "solve" in [action["name"] for action in seen["actions"]]
    events = unit.get(f"/matters/{number}/events").json()
    assert [event["kind"] for event in events][-1] == "casework.replied"


def test_a_repeated_key_gives_the_first_answer(here, calls) -> None:
    caller, key = calls("resident"), {"Idempotency-Key": "one-and-the-same"}

    first = caller.post("/matters", REPORT, **key).json()
    again = caller.post("/matters", REPORT, **key).json()

    assert again == first | {"repeated": True}
    assert Matter.objects.count() == 1


def test_a_key_used_for_something_else_is_refused(calls) -> None:
    caller, key = calls("resident"), {"Idempotency-Key": "one-and-the-same"}
    caller.post("/matters", REPORT, **key)

    is_problem(
        caller.post("/matters", REPORT | {"facts": {"text": "别的"}}, **key), 422, "key-reused"
    )


def test_a_stale_version_is_told_what_happened(here, calls) -> None:
    matter = here.at_stage("dispatched")
    perform(matter, "note", by=here.dispatcher, facts={"text": "急"})

    answer = calls("handler").post(
        f"/matters/{matter.number}/actions/accept", {"version": matter.version}
    )

    body = is_problem(answer, 409, "changed-meanwhile")
    assert body["current_version"] == matter.version + 1
    assert [event["kind"] for event in body["events"]] == ["casework.noted"]


def test_the_wrong_stage_is_refused(here, calls) -> None:
    matter = here.at_stage("in_hand")

    answer = calls("handler").post(f"/matters/{matter.number}/actions/accept", {})

    is_problem(answer, 409, "wrong-stage")


def test_the_wrong_role_is_refused(here, calls) -> None:
    matter = here.at_stage("dispatched")

    answer = calls("dispatcher").post(f"/matters/{matter.number}/actions/accept", {})

    is_problem(answer, 403, "not-allowed")


@pytest.mark.parametrize("role", ["stranger", "other_handler"])
def test_a_matter_one_may_not_see_is_as_absent_as_none(here, calls, role) -> None:
    hidden = here.report(by=here.resident).matter
    caller = calls(role)

    for path in ("", "/events"):
        there = caller.get(f"/matters/{hidden.number}{path}")
        nowhere = caller.get(f"/matters/DH-2026-999999{path}")
        assert there.status_code == nowhere.status_code == 404
        assert there.content == nowhere.content
    answer = caller.post(f"/matters/{hidden.number}/actions/triage", {"facts": {}})
    is_problem(answer, 404, "not-found")


def test_another_community_sees_nothing(here, elsewhere, calls) -> None:
    theirs = elsewhere.at_stage("in_hand")
    caller = calls("secretary")

    is_problem(caller.get(f"/matters/{theirs.number}"), 404, "not-found")
    assert caller.get("/matters").json()["items"] == []


def test_the_public_part_of_a_matter_is_all_a_stranger_reads(here, calls) -> None:
    matter = here.at_stage("in_hand", text="张三家漏水", address="三栋502")

    seen = calls("stranger").get(f"/matters/{matter.number}").json()

    assert seen["text"] == seen["address"] == ""
    assert seen["longitude"] is None
    assert "漏水" not in str(seen)


@pytest.mark.parametrize("value", [{}, {"text": ""}, {"text": "字" * 5001}, {"text": 5}, [], "x"])
def test_wrong_facts_name_the_field(calls, value) -> None:
    answer = calls("resident").post("/matters", REPORT | {"facts": value})

    body = is_problem(answer, 422, "invalid-facts")
    assert set(body["errors"]) <= {"text", "facts"}


def test_errors_speak_the_callers_language(calls) -> None:
    caller, empty = calls("resident"), REPORT | {"facts": {}}

    chinese = caller.post("/matters", empty, **{"Accept-Language": "zh-hans"}).json()
    english = caller.post("/matters", empty, **{"Accept-Language": "en"}).json()

    assert english["errors"]["text"] == ["Please fill this in."]
    assert chinese["errors"]["text"] == ["请填写这一项。"]


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "\x00", "[" * 100_000])
def test_what_is_no_object_is_refused(calls, body) -> None:
    is_problem(calls("resident").post("/matters", body), 400, "bad-request")


def test_another_content_type_is_refused(calls) -> None:
    caller = calls("resident")

    answer = caller.client.post(
        "/api/v1/matters", data="<x/>", content_type="text/xml", headers=caller.headers()
    )

    is_problem(answer, 415, "unsupported-media-type")


def test_too_much_is_refused(calls, settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    answer = calls("resident").post("/matters", REPORT | {"facts": {"text": "字" * 1000}})

    is_problem(answer, 413, "content-too-large" if _new_phrase() else "request-entity-too-large")


def _new_phrase() -> bool:
    from http import HTTPStatus

    return HTTPStatus(413).phrase == "Content Too Large"


@pytest.mark.parametrize("token", ["", "linli_nonsense", "linli_" + "a" * 51, "x"])
def test_without_a_valid_token_nothing(here, calls, token) -> None:
    caller = calls(None)
    caller.token = token

    answer = caller.get("/matters")

    is_problem(answer, 401, "unauthorized")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_too_often_is_told_when_to_come_back(calls, settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api": "3/h"}
    caller = calls("resident")

    answers = [caller.get("/categories") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    is_problem(answers[-1], 429, "too-many-requests")
    assert int(answers[-1]["Retry-After"]) > 0


def test_unknown_routes_and_methods_are_problems(calls) -> None:
    caller = calls("resident")

    is_problem(caller.get("/nonsense"), 404, "not-found")
    is_problem(caller.post("/organisations", {}), 405, "method-not-allowed")
    matter_action = caller.post("/matters/DH-2026-000001/actions/burn", {})
    is_problem(matter_action, 404, "not-found")


def test_an_action_of_linli_itself_is_not_offered(here, calls) -> None:
    matter = here.at_stage("accepted")

    answer = calls("supervisor").post(
        f"/matters/{matter.number}/actions/clock_ran_out", {"facts": {"clock": "reply"}}
    )

    is_problem(answer, 404, "not-found")


def test_lists_page_by_cursor_without_gap_or_twin(here, calls) -> None:
    numbers = [here.report(by=here.resident).matter.number for _ in range(7)]
    caller, found, after = calls("resident"), [], ""

    while after is not None:
        page = caller.get(f"/matters?limit=3&after={after}").json()
        found += [item["number"] for item in page["items"]]
        after = page["next"]

    assert found == numbers[::-1]


def test_the_inbox_is_sorted_by_clock(here, calls) -> None:
    slow = here.at_stage("received")
    fast = here.report(category="lift").matter

    items = calls("dispatcher").get("/me/inbox").json()["items"]

    assert [item["number"] for item in items] == [fast.number, slow.number]


def test_references_are_there(here, calls) -> None:
    caller = calls("resident")

    assert "pothole" in [one["code"] for one in caller.get("/categories").json()]
    assert here.roads.name in [one["name"] for one in caller.get("/organisations").json()]
    assert caller.get("/areas").json()[0]["code"] == here.grid_area.code
    procedure = caller.get("/procedures/casework").json()
    assert procedure["diagram"].startswith("stateDiagram-v2")
    is_problem(caller.get("/procedures/alchemy"), 404, "not-found")


def test_the_description_names_every_action_with_its_facts(calls) -> None:
    described = calls(None).client.get("/api/openapi.json").json()

    body = described["paths"]["/api/v1/matters/{number}/actions/reply"]["post"]["requestBody"]
    facts = body["content"]["application/json"]["schema"]["properties"]["facts"]
    assert set(facts["properties"]) == {"text", "promised_on"}
    assert facts["required"] == ["text"]
