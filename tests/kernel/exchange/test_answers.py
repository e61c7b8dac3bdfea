"""What other servers say is read without trusting any of it. No database."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.exchange.answers import (
    BadAnswer,
    items_in,
    receipt_of,
    refusal_in,
    requests_of,
    services_of,
)

JSON = b"""[{"service_request_id": 638344, "status": "closed", "status_notes": "Done.",
 "service_code": 6, "description": "A hole.", "requested_datetime": "2010-04-14T06:37:38-08:00",
 "updated_datetime": "2010-04-14T06:37:38-08:00", "address": "8TH AVE", "lat": 37.762221815,
 "long": -122.4651145}]"""
XML = b"""<?xml version="1.0" encoding="utf-8"?><service_requests><request>
 <service_request_id>638344</service_request_id><status>closed</status>
 <status_notes>Done.</status_notes><service_code>6</service_code>
 <description>A hole.</description><requested_datetime>2010-04-14T06:37:38-08:00</requested_datetime>
 <updated_datetime>2010-04-14T06:37:38-08:00</updated_datetime><address>8TH AVE</address>
 <lat>37.762221815</lat><long>-122.4651145</long></request></service_requests>"""


def test_it_works() -> None:
    (found,), unreadable = requests_of(items_in(JSON, "json"))

    assert (found.id, found.status, found.service, found.notes) == (
        "638344",
        "closed",
        "6",
        "Done.",
    )
    assert (found.longitude, found.latitude) == (-122.4651145, 37.762221815)
    assert found.requested_at == datetime(2010, 4, 14, 14, 37, 38, tzinfo=UTC)
    assert unreadable == 0


def test_xml_says_the_same() -> None:
    assert requests_of(items_in(XML, "xml")) == requests_of(items_in(JSON, "json"))


def test_a_list_may_be_wrapped() -> None:
    assert len(items_in(b'{"service_requests": [{}, {}]}', "json")) == 2


@pytest.mark.parametrize("content, format", [
    (b"", "json"), (b"<html>", "json"), (b"{}", "json"), (b'"x"', "json"), (b"\xff", "json"),
    (b"[" * 100_000, "json"), (b"[" + b"0," * 6000 + b"0]", "json"),
    (b"", "xml"), (b"{}", "xml"), (b"<a>", "xml"), (b"\x00", "xml"),
    (b'<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>', "xml"),
    (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "xml"),
    (b'<?xml version="1.0" encoding="nonsense"?><a/>', "xml"),
])  # fmt: skip
def test_what_is_no_list_at_all(content, format) -> None:
    with pytest.raises(BadAnswer):
        items_in(content, format)


@pytest.mark.parametrize("item", [
    {}, {"service_request_id": ""}, {"service_request_id": None}, {"service_request_id": True},
    {"service_request_id": ["1"]}, {"service_request_id": "1,2"}, {"service_request_id": 1.5},
])  # fmt: skip
def test_what_has_no_identifier_is_left_out_and_counted(item) -> None:
    assert requests_of([item]) == ([], 1)


@pytest.mark.parametrize("more", [
    {"lat": "north", "long": 1}, {"lat": 91, "long": 1}, {"lat": 1}, {"lat": 0, "long": 0},
    {"lat": "nan", "long": "inf"}, {"lat": [], "long": {}},
])  # fmt: skip
def test_what_is_no_place_is_none(more) -> None:
    ((found,), _) = requests_of([{"service_request_id": 1} | more])

    assert (found.longitude, found.latitude) == (None, None)


@pytest.mark.parametrize("at", ["", "soon", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+14:00", 7,
                                None, "9999-12-31T23:59:59-14:00"])  # fmt: skip
def test_what_is_no_time_is_none(at) -> None:
    ((found,), _) = requests_of([{"service_request_id": 1, "updated_datetime": at}])

    assert found.updated_at is None


def test_texts_are_cut_and_cleaned() -> None:
    item = {"service_request_id": "9" * 500, "description": "a\x00\ud800b" + "x" * 9999}

    ((found,), _) = requests_of([item])

    assert len(found.id) == 120
    assert found.description.startswith("abx")
    assert len(found.description) == 4000


def test_services() -> None:
    (found,) = services_of([{"service_code": 6, "service_name": "Hole", "metadata": "true"}, {}])

    assert (found.code, found.name, found.needs_more) == ("6", "Hole", True)


def test_receipts() -> None:
    assert receipt_of([{"service_request_id": 5}]).id == "5"
    assert receipt_of([{"token": "t"}]).token == "t"
    with pytest.raises(BadAnswer):
        receipt_of([{"service_notice": "thanks"}])


def test_refusals() -> None:
    assert refusal_in(b'[{"code": 403, "description": "No\\nkey"}]', "json") == "No key"
    assert (
        refusal_in(b"<errors><error><description>No</description></error></errors>", "xml") == "No"
    )
    assert refusal_in(b"<html>", "json") == ""


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["service_request_id", "lat", "long", "status", "updated_datetime", "x"]),
        inner, max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_json, max_size=5))
def test_any_json_is_read_or_refused(value) -> None:
    import json

    items = items_in(json.dumps(value).encode(), "json")
    found, unreadable = requests_of(items)
    assert len(found) + unreadable == len(items)
    services_of(items)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["json", "xml"]))
def test_any_bytes_are_read_or_refused(content, format) -> None:
    with suppress(BadAnswer):
        requests_of(items_in(content, format))
