"""Strange input at every address: never a failure of ours, never a row that was not there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from linli.kernel.access.links import link_for, token_of
from linli.kernel.access.tokens import issue
from linli.kernel.events.models import Event
from tests.surfaces.walking import Walker, all_routes

NUL, HALF, LONG = "%00", "%ED%A0%80", "9" * 3000
IN_ADDRESSES = (NUL, HALF, LONG, "%2e%2e%2f", "-1'", "١٢٣%25s", "a%0d%0ab")
# Names of the query that some page reads; found in the sources by the last test.
ASKED = ("q", "text", "page", "after", "limit", "since", "order", "open", "stage", "category",
         "area", "responsible", "procedure", "updated_since", "bbox", "zoom", "d", "c", "address",
         "next", "done", "figure", "month", "view", "box", "kind", "before", "year", "topic", "days",
         "hidden")  # fmt: skip
BODIES = {
    "deep JSON": ('{"a":' * 50_000 + "1" + "}" * 50_000, "application/json"),
    "wide JSON": ("[" + "0," * 200_000 + "0]", "application/json"),
    "JSON beyond the limit": ('{"a": "' + "x" * 3_000_000 + '"}', "application/json"),
    "JSON that is none": ("{", "application/json"),
    "another encoding": ('{"a": "é"}'.encode("latin-1"), "application/json"),
    "XML": ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "text/xml"),
    "a form without its boundary": (b"x", "multipart/form-data"),
    "a form that breaks off": (b"--x\r\nContent-Disposition: form-data", "multipart/form-data; boundary=x"),
    "a thousand fields": ("&".join(f"f{n}=1" for n in range(1000)), "application/x-www-form-urlencoded"),
    "an unknown kind": (b"\x00\xff", "application/x-nothing"),
    "no kind": (b"\x00", ""),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nobody_is_held_up(unlimited, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def values(here) -> dict[str, str]:
    """Return something true for every name in an address, so that the page itself is reached."""
    guest = here.report().matter
    return {
        "number": here.at_stage("received").number,
        "token": token_of(link_for(guest, guest.reporter)),
        "action": "answer",
        "month": "2026-11",
        "figure": "received",
        "code": here.doorway.doorway_code,
        "name": "casework",
        "table": "rates",
        "format": "json",
        "uuid": str(here.resident.uuid),
    }


@pytest.fixture(params=["anyone", "resident", "dispatcher"])
def walker(request, here) -> Walker:
    """Someone who sends strange things."""
    if request.param == "anyone":
        return Walker("anyone")
    person = getattr(here, request.param)
    return Walker(request.param, person, issue(person, here.community, "walk", None))


def addresses(values: dict[str, str], strange: str = "") -> list[str]:
    """Return every address: true values, or the strange one in place of each in turn."""
    found = []
    for route in all_routes():
        filled = {name: [values.get(name, "nonsense")] for name in route.parameters}
        if not strange:
            found += route.addresses(filled)
        for name in route.parameters if strange else ():
            found += route.addresses(filled | {name: [strange]})
    return found


def failures(walker: Walker, tried: list[tuple[str, str, dict[str, Any]]]) -> list[str]:
    """Go to each address; return those where we failed, not the sender."""
    before, wrong = Event.objects.count(), []
    for method, address, more in tried:
        answer = walker._go(method, address, **more)
        if answer.status_code >= 500:
            cause = answer.exc_info[1] if getattr(answer, "exc_info", None) else ""
            wrong.append(f"{method} {address[:80]}: {answer.status_code} {cause!r}"[:300])
    assert Event.objects.count() == before
    return wrong


def test_strange_addresses(walker, values) -> None:
    tried = [
        ("get", address, {}) for strange in IN_ADDRESSES for address in addresses(values, strange)
    ]
    assert len(tried) > 100
    assert failures(walker, tried) == []


def test_strange_questions(walker, values) -> None:
    tried = [
        ("get", f"{address}?{'&'.join(f'{name}={strange}' for name in ASKED)}", {})
        for strange in (NUL, HALF, LONG, "-1'")
        for address in addresses(values)
    ]
    assert failures(walker, tried) == []


def test_strange_words_in_forms(walker, values) -> None:
    names = {*ASKED, "version", "key", "name", "reason", "matters", "large", "language", "query"}
    for start in ("", "answer-", "triage-"):
        names |= {f"{start}{name}" for name in ("text", "version", "key", "phone", "pictures_kept")}
    tried = [
        ("post", address, {"data": dict.fromkeys(names, strange)})
        for strange in ("a\x00b", "x" * 30_000, "\u202e-1")
        for address in addresses(values)
        if not address.startswith("/api/")
    ]
    assert failures(walker, tried) == []


@pytest.mark.parametrize("what", BODIES)
def test_strange_bodies(walker, values, what) -> None:
    body, kind = BODIES[what]
    tried = [
        (method, address, {"data": body, "content_type": kind})
        for address in addresses(values)
        for method in (("post", "put") if address.startswith("/api/") else ("post",))
    ]
    assert failures(walker, tried) == []


@pytest.mark.parametrize("name, value", [
    ("Idempotency-Key", "\x00"), ("Idempotency-Key", "x" * 5000), ("Authorization", "Bearer \x00"),
    ("Authorization", "Bearer " + "x" * 5000), ("Accept-Language", "\x00;q=x" * 50),
    ("X-Forwarded-For", "'; --, \x00"), ("If-None-Match", '"\x00"'), ("Cookie", "linli_language=\x00"),
    ("Cookie", "sessionid=" + "x" * 4000), ("Range", "bytes=\x00"), ("HX-Request", "\x00"),
    ("Host", "evil.example:99999"), ("Referer", "javascript:alert(1)"),
])  # fmt: skip
def test_strange_headers(here, values, name, value) -> None:
    client = Client(raise_request_exception=False)
    for address in addresses(values):
        answer = client.get(address, headers={name: value})
        assert answer.status_code < 500, address


def test_every_name_that_pages_ask_for_is_tried(here) -> None:
    from pathlib import Path

    import linli

    asked: set[str] = set()
    for path in Path(linli.__file__).parent.rglob("*.py"):
        asked |= set(re.findall(r"request\.GET\.get\(\s*\"(\w+)\"", path.read_text("utf-8")))
    assert asked
    assert asked <= set(ASKED)
