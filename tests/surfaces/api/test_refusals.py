"""Every way to ask wrongly, for every kind of endpoint, is answered as a problem (RFC 9457)."""

from __future__ import annotations

import json

import pytest

from linli.kernel.matters.models import Matter
from linli.kernel.procedures.performing import perform
from tests.surfaces.api.conftest import REPORT, Caller, is_problem

WITH_BODY = ["/matters", "/matters/{number}/actions/triage", "/matters/{number}/actions/accept"]
WITHOUT_BODY = ["/matters", "/matters/{number}", "/matters/{number}/events", "/me/inbox",
                "/procedures", "/procedures/casework", "/organisations", "/areas",
                "/categories"]  # fmt: skip


# --- who ------------------------------------------------------------------------------------
@pytest.mark.parametrize("token", ["", "linli_nonsense", "linli_" + "a" * 49, "x", "ü"])
@pytest.mark.parametrize("path", [*WITHOUT_BODY, "POST /matters", "POST /uploads"])
def test_without_a_valid_token_nothing(here, token, path) -> None:
    caller = Caller(token)
    path = path.replace("{number}", "DH-2026-000001")
    post, _, rest = path.rpartition(" ")

    answer = caller.post(rest, REPORT) if post else caller.get(rest)

    is_problem(answer, 401, "token-needed")
    assert answer["WWW-Authenticate"] == 'Bearer realm="linli"'
    assert Matter.objects.count() == 0


def test_a_session_is_no_token(here) -> None:
    caller = Caller("")
    caller.client.force_login(here.dispatcher)

    is_problem(caller.get("/matters"), 401, "token-needed")


def test_the_wrong_role_is_refused(here, calls) -> None:
    matter = here.at_stage("dispatched")

    is_problem(calls("dispatcher").act(matter, "accept"), 403, "not-allowed")
    is_problem(calls("resident").act(matter, "dispatch"), 403, "not-allowed")


# --- how often ------------------------------------------------------------------------------
def test_too_often_is_told_when_to_come_back(calls, settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api": "3/h"}
    caller, other = calls("resident"), calls("handler")

    answers = [caller.get("/categories") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    is_problem(answers[-1], 429, "too-many-requests")
    assert 0 < int(answers[-1]["Retry-After"]) <= 3600
    assert other.get("/categories").status_code == 200


def test_who_tries_tokens_has_to_wait(here, settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api_anonymous": "2/h"}

    answers = [Caller(f"linli_{number}").get("/matters") for number in range(3)]

    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert int(answers[-1]["Retry-After"]) > 0


# --- what was sent --------------------------------------------------------------------------
@pytest.mark.parametrize("path", WITH_BODY)
@pytest.mark.parametrize(
    "body",
    ["{", "nonsense", "\x00", "[" * 100_000, '{"facts": NaN}', '{"version": Infinity}',
     '{"facts": {"text": "\\u0000"}}', '{"facts": {"\\ud800": 1}}', '{"version": ' + "9" * 5000 + "}",
     b'{"facts": {"text": "\xff"}}'],
)  # fmt: skip
def test_what_is_not_json_is_refused(here, calls, path, body) -> None:
    matter = here.at_stage("dispatched")

    answer = calls("dispatcher").post(path.format(number=matter.number), body)

    is_problem(answer, 400, "bad-request")


@pytest.mark.parametrize("path", WITH_BODY)
@pytest.mark.parametrize("body", ["[]", '"x"', "5", "null", "true"])
def test_what_is_no_object_is_refused(here, calls, path, body) -> None:
    matter = here.at_stage("dispatched")

    answer = calls("dispatcher").post(path.format(number=matter.number), body)

    is_problem(answer, 422, "invalid-facts")


@pytest.mark.parametrize("path", [*WITH_BODY])
def test_another_content_type_is_refused(here, calls, path) -> None:
    matter = here.at_stage("dispatched")
    path = path.format(number=matter.number)

    for kind in ("text/xml", "application/x-www-form-urlencoded", "text/plain"):
        answer = calls("dispatcher").post(path, "facts=1", content_type=kind)
        is_problem(answer, 415, "not-json")


@pytest.mark.parametrize("path", WITH_BODY)
def test_too_much_is_refused(here, calls, settings, path) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    matter = here.at_stage("dispatched")

    answer = calls("dispatcher").post(
        path.format(number=matter.number), REPORT | {"facts": {"text": "字" * 1000}}
    )

    is_problem(answer, 413, "too-large")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": "  "}, "text"),
        ({"text": "字" * 5001}, "text"),
        ({"text": 5}, "text"),
        ({"text": "x", "pictures": ["00000000-0000-0000-0000-000000000000"]}, "pictures"),
        ({"text": "x", "category": "alchemy"}, "category"),
        ({"text": "x", "longitude": 181, "latitude": 0}, "longitude"),
        ({"text": "x", "reporter": "me"}, "reporter"),
        ([], "facts"),
        ("x", "facts"),
        (None, "facts"),
    ],
)
def test_wrong_facts_name_the_field(calls, facts, field) -> None:
    body = is_problem(
        calls("resident").post("/matters", REPORT | {"facts": facts}), 422, "invalid-facts"
    )

    assert list(body["errors"]) == [field]
    assert all(body["errors"][field])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"procedure": "alchemy"}, "procedure"),
        ({"procedure": 5}, "procedure"),
        ({"start": "burn"}, "start"),
        ({"start": "split_off"}, "start"),
        ({"start": None}, "start"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_wrong_beginning_names_the_member(calls, change, field) -> None:
    body = is_problem(calls("dispatcher").post("/matters", REPORT | change), 422, "invalid-facts")

    assert list(body["errors"]) == [field]


@pytest.mark.parametrize("missing", ["procedure", "start", "facts"])
def test_a_beginning_needs_all_three(calls, missing) -> None:
    rest = {name: value for name, value in REPORT.items() if name != missing}

    body = is_problem(calls("resident").post("/matters", rest), 422, "invalid-facts")

    assert list(body["errors"]) == [missing]


@pytest.mark.parametrize("version", ["1", 1.5, True, 0, -1, 2**31])
def test_a_version_is_a_whole_number(here, calls, version) -> None:
    matter = here.at_stage("dispatched")

    body = is_problem(
        calls("handler").act(matter, "accept", {"version": version}), 422, "invalid-facts"
    )

    assert list(body["errors"]) == ["version"]


@pytest.mark.parametrize("key", ["x" * 101, "zwei Wörter", "a b"])
def test_a_key_is_short_and_plain(calls, key) -> None:
    caller = calls("resident")

    answer = caller.post("/matters", REPORT, **{"Idempotency-Key": key.encode().decode("latin1")})

    assert "Idempotency-Key" in is_problem(answer, 422, "invalid-facts")["errors"]
    assert Matter.objects.count() == 0


def test_errors_speak_the_callers_language(calls) -> None:
    caller, empty = calls("resident"), REPORT | {"facts": {}}

    chinese = caller.post("/matters", empty, **{"Accept-Language": "zh-hans"})
    english = caller.post("/matters", empty, **{"Accept-Language": "en"})

    assert english.json()["errors"]["text"] == ["Please fill this in."]
    assert chinese.json()["errors"]["text"] == ["请填写这一项。"]
    assert (english["Content-Language"], chinese["Content-Language"]) == ("en", "zh-hans")
    told = [
        caller.get("/nonsense", **{"Accept-Language": language}).json()["title"]
        for language in ("en", "zh-hans")
    ]
    assert told == [
        "There is nothing here, or nothing you may see.",
        "这里没有内容，或者您无权查看。",
    ]


# --- when -----------------------------------------------------------------------------------
def test_the_wrong_stage_is_refused(here, calls) -> None:
    matter = here.at_stage("in_hand")

    is_problem(calls("handler").act(matter, "accept"), 409, "wrong-stage")


def test_a_stale_version_is_told_what_happened(here, calls) -> None:
    matter = here.at_stage("dispatched")
    perform(matter, "note", by=here.dispatcher, facts={"text": "急"})

    answer = calls("handler").act(matter, "accept", {"version": matter.version})

    body = is_problem(answer, 409, "changed-meanwhile")
    assert body["current_version"] == matter.version + 1
    assert [event["kind"] for event in body["events"]] == ["casework.noted"]


def test_what_happened_meanwhile_is_told_only_as_far_as_one_may_see(here, calls) -> None:
    matter = here.at_stage("in_hand")
    perform(matter, "note", by=here.dispatcher, facts={"text": "不要告诉他"})

    answer = calls("resident").act(matter, "withdraw", {"version": matter.version})

    body = is_problem(answer, 409, "changed-meanwhile")
    assert body["current_version"] == matter.version + 1
    assert body["events"] == []
    assert "不要告诉" not in answer.content.decode()


# --- once -----------------------------------------------------------------------------------
def test_a_repeated_key_gives_the_first_answer(here, calls) -> None:
    caller, key = calls("resident"), {"Idempotency-Key": "one-and-the-same"}

    first, again = (caller.post("/matters", REPORT, **key) for _ in range(2))

    assert first.status_code == again.status_code == 201
    assert again.json() == first.json() | {"repeated": True}
    assert Matter.objects.count() == 1


def test_a_repeated_action_is_carried_out_once(here, calls) -> None:
    matter = here.at_stage("in_hand")
    caller, key = calls("handler"), {"Idempotency-Key": "one-and-the-same"}

    first, again = (
        caller.act(matter, "note", {"facts": {"text": "明天去"}}, **key) for _ in range(2)
    )

    assert again.json() == first.json() | {"repeated": True}
    assert matter.events.filter(action="note").count() == 1


def test_a_key_used_for_something_else_is_refused(here, calls) -> None:
    matter = here.at_stage("in_hand")
    resident, handler = calls("resident"), calls("handler")
    key = {"Idempotency-Key": "one-and-the-same"}
    resident.post("/matters", REPORT, **key)
    handler.act(matter, "note", {"facts": {"text": "明天去"}}, **key)

    for answer in (
        resident.post("/matters", REPORT | {"facts": {"text": "别的"}}, **key),
        handler.act(matter, "note", {"facts": {"text": "后天去"}}, **key),
        handler.act(matter, "solve", {"facts": {"text": "好了"}}, **key),
    ):
        is_problem(answer, 422, "key-reused")


def test_a_key_is_each_callers_own(here, calls) -> None:
    key = {"Idempotency-Key": "one-and-the-same"}

    for role in ("resident", "stranger"):
        assert not calls(role).post("/matters", REPORT, **key).json()["repeated"]

    assert Matter.objects.count() == 2


# --- where ----------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/matters", "/me/inbox", "/procedures", "/categories"])
@pytest.mark.parametrize("name", ["stages", ""])
def test_a_parameter_nobody_asked_for_is_refused(calls, path, name) -> None:
    answer = calls("dispatcher").get(f"{path}?{name}=solved")

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [name]


@pytest.mark.parametrize("path", ["/nonsense", "/", "/../../x", "/matters/a/b", "/procedures/x"])
def test_an_unknown_address_is_a_problem(calls, path) -> None:
    is_problem(calls("resident").get(path), 404, "not-found")


@pytest.mark.parametrize(
    "number", ["x", "DH-2026", "%00", "DH-2026-00000%00", "%F0%9F%8F%A0", "-" * 30, "' OR 1=1"]
)
def test_what_cannot_be_a_number_is_absent(here, calls, number) -> None:
    here.at_stage("in_hand")
    caller = calls("dispatcher")

    is_problem(caller.get(f"/matters/{number}"), 404, "not-found")
    is_problem(caller.get(f"/matters/{number}/events"), 404, "not-found")
    is_problem(caller.post(f"/matters/{number}/actions/accept", {}), 404, "not-found")


def test_an_unknown_action_is_a_problem(here, calls) -> None:
    is_problem(calls("dispatcher").act(here.at_stage("in_hand"), "burn"), 404, "not-found")


def test_an_action_of_linli_itself_is_not_offered(here, calls) -> None:
    matter = here.at_stage("accepted")

    answer = calls("supervisor").act(matter, "clock_ran_out", {"facts": {"clock": "reply"}})

    is_problem(answer, 404, "not-found")


def test_another_method_is_refused(calls) -> None:
    caller = calls("resident")

    answer = caller.post("/organisations", {})
    is_problem(answer, 405, "method-not-allowed")
    assert answer["Allow"] == "GET"
    is_problem(caller.client.delete("/api/v1/matters"), 405, "method-not-allowed")


def test_a_failure_of_our_own_says_no_more_than_that(calls, monkeypatch, caplog) -> None:
    def fail(*_, **__):
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("linli.surfaces.api.matters.begin", fail)

    answer = calls("resident").post("/matters", REPORT)

    is_problem(answer, 500, "server-error")
    assert "secret" not in answer.content.decode()
    assert "a secret of ours" in caplog.text


def test_problems_are_json_whoever_asks(calls) -> None:
    answer = calls("resident").get("/nonsense", Accept="text/html")

    assert json.loads(answer.content)["status"] == 404
