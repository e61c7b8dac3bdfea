"""Public client libraries, unmodified, against a live server: civicbot and georeport from PyPI.

civicbot speaks all six methods in JSON; georeport reads, in JSON and in XML.
"""

from __future__ import annotations

from typing import Any

import pytest
from civicbot import Endpoint, HttpError, HttpTransport, Open311Client
from civicbot.http import RateLimiter
from georeport import GeoReport

from linli.kernel.access.tokens import issue
from linli.kernel.matters.models import Matter
from tests.faults.server import running_server

pytestmark = pytest.mark.django_db(transaction=True)


def test_they_pass(here) -> None:
    public = here.at_stage("in_hand", longitude=114.305, latitude=30.505)
    key = issue(here.stranger, here.community, "app", None, scope="open311")

    with running_server() as server:
        root = f"{server.url}/open311/v2"
        _reports_and_follows(root, key, public)
        for format in ("json", "xml"):
            _reads(GeoReport(root, jurisdiction="dh", output_format=format), public)


def _reports_and_follows(root: str, key: str, public: Matter) -> None:
    transport = HttpTransport(rate_limiter=RateLimiter(min_interval=0))
    city = Endpoint("here", "Here", root, write=True)
    client = Open311Client(city, transport, jurisdiction_id="dh")

    codes = [service["service_code"] for service in client.list_services()]
    assert "streetlight" in codes
    asked = client.get_service_definition("streetlight")["attributes"]
    assert [one["code"] for one in asked] == ["lamp_number", "lamp_fault", "lamp_wires"]
    sent = client.create_request(
        "streetlight", api_key=key, dry_run=False, confirm="SEND", validate_remote=True,
        lat=30.505, lng=114.305, description="路灯坏了。", first_name="三", last_name="张",
        phone="13955550137", email="z@example.org", device_id="d", account_id="u-9",
        media_url="https://example.org/lamp.jpg",
    )  # fmt: skip
    number = sent.response[0]["service_request_id"]
    assert Matter.objects.get(number=number).text == "路灯坏了。"
    listed = client.list_requests(service_code="pothole", status="open", page_size=10)
    assert [one["service_request_id"] for one in listed] == [public.number]
    assert client.list_requests(service_request_ids=[public.number, number]) == listed
    found: Any = client.get_request(public.number)
    assert found["status_notes"] == "一周内修好。"
    assert client.get_token(str(public.uuid))[0]["service_request_id"] == public.number
    with pytest.raises(HttpError) as refusal:
        client.create_request(
            "streetlight", api_key="linli_none", dry_run=False, confirm="SEND", address_string="x"
        )
    assert refusal.value.status == 403


def _reads(client: GeoReport, public: Matter) -> None:
    services = client.get_service_list()
    assert {"streetlight", "pothole"} <= {one["service_code"] for one in services}
    assert client.get_service_definition("pothole")["service_code"] == "pothole"
    found: Any = client.get_service_requests(service_code="pothole", status="open")
    one = found if isinstance(found, dict) else found[0]  # of one element XML makes no list
    assert one["service_request_id"] == public.number
    told = client.get_service_request(public.number)
    assert told["agency_responsible"] == "市政所"
