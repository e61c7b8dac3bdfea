"""What anyone may read over Open311, and nothing more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from defusedxml.ElementTree import fromstring
from django.db import OperationalError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from linli.kernel.procedures.performing import perform
from linli.surfaces.open311 import offered
from tests.surfaces.open311.conftest import Program, is_error


def numbers(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["service_request_id"] for one in answer.json()]


def test_it_works(anyone, public) -> None:
    (told,) = anyone.get("requests.json").json()

    assert told["service_request_id"] == public.number
    assert (told["status"], told["service_code"]) == ("open", "pothole")
    assert told["status_notes"] == "一周内修好。"
    assert told["agency_responsible"] == "市政所"
    assert (told["lat"], told["long"]) == (30.505, 114.305)
    assert told["address"] == "第一网格"
    assert parse_datetime(told["requested_datetime"]).utcoffset() == timedelta(hours=8)
    assert anyone.get(f"requests/{public.number.lower()}.json").json() == [told]


def test_in_xml_it_says_the_same(anyone, public) -> None:
    root = fromstring(anyone.get("requests.xml").content)
    (told,) = anyone.get("requests.json").json()

    assert root.tag == "service_requests"
    (one,) = root
    assert one.tag == "request"
    found = {part.tag: part.text for part in one}
    assert found == {k: None if v is None else str(v) for k, v in told.items()}


def test_nothing_personal_and_nothing_that_is_not_public(here, anyone, public) -> None:
    hidden = here.report(text="王某家里漏水", name="王某", phone="13955550137").matter

    answer = anyone.get("requests.json")

    assert numbers(answer) == [public.number]
    assert "301" not in answer.content.decode().replace(public.number, "")
    is_error(anyone.get(f"requests/{hidden.number}.json"), 404)
    assert numbers(anyone.get("requests.json", service_request_id=hidden.number)) == []


def test_the_key_that_submitted_it_learns_how_it_stands(here, program, anyone) -> None:
    number = program.submit(description="张三家门口路灯不亮", address_string="9号").json()[0][
        "service_request_id"
    ]

    (told,) = program.get(f"requests/{number}.json").json()
    assert (told["status"], told["description"], told["lat"]) == ("open", None, None)
    is_error(anyone.get(f"requests/{number}.json"), 404)
    assert numbers(program.get("requests.json")) == []


def test_status(here, anyone, public) -> None:
    closed = here.at_stage("closed", by=here.stranger)

    assert numbers(anyone.get("requests.json", status="closed")) == [closed.number]
    assert numbers(anyone.get("requests.json", status="open")) == [public.number]
    assert len(numbers(anyone.get("requests.json", status="open,closed"))) == 2
    is_error(anyone.get("requests.json", status="fixed"), 400, "status")


def test_service_codes(anyone, public) -> None:
    assert numbers(anyone.get("requests.json", service_code="streetlight,pothole"))
    assert numbers(anyone.get("requests.json", service_code="streetlight")) == []
    is_error(anyone.get("requests.json", service_code=",".join(map(str, range(301)))), 400)


def test_numbers_override_the_rest(anyone, public) -> None:
    asked = {"service_request_id": f"x, {public.number}", "status": "closed"}
    assert numbers(anyone.get("requests.json", **asked)) == [public.number]


def test_a_span_of_time(here, anyone, public) -> None:
    at = timezone.now() - timedelta(days=100)
    type(public)._base_manager.filter(pk=public.pk).update(created_at=at)

    def found(**asked: str) -> list[str]:
        return numbers(anyone.get("requests.json", **asked))

    assert found() == []
    near = {"start_date": (at - timedelta(days=1)).isoformat()}
    assert found(**near) == [public.number]
    assert found(end_date=(at + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert found(end_date=(at - timedelta(days=1)).date().isoformat()) == []
    assert found(updated_after=(timezone.now() - timedelta(hours=1)).isoformat())
    assert found(updated_after=(timezone.now() + timedelta(hours=1)).isoformat()) == []


@pytest.mark.parametrize("asked", [
    {"start_date": "yesterday"}, {"end_date": "2026-13-01T00:00:00Z"}, {"start_date": "0001-01-01"},
    {"start_date": "2026-01-02T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
    {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"},
    {"updated_after": "9999-99"}, {"page": "0"}, {"page": "١"}, {"page": "99999999"},
    {"page_size": "1001"}, {"page_size": "-1"}, {"start_date": "x" * 50},
])  # fmt: skip
def test_a_filter_that_is_none(anyone, here, asked) -> None:
    is_error(anyone.get("requests.json", **asked), 400, next(iter(asked)))
    is_error(anyone.get("requests.xml", **asked), 400, next(iter(asked)))


def test_pages(here, program) -> None:
    made = [here.at_stage("received", by=here.stranger).number for _ in range(3)]

    first = program.get("requests.json", page_size=2)
    second = program.get("requests.json", page_size=2, page=2)

    assert numbers(first) + numbers(second) == made[::-1]
    assert first["Link"].endswith('page_size=2&page=2>; rel="next"')
    assert program.key not in first["Link"]
    assert 'rel="prev"' in second["Link"]
    assert "next" not in second["Link"]


def test_as_many_queries_for_one_as_for_many(here, anyone, django_assert_num_queries) -> None:
    anyone.get("requests.json")
    for count in (1, 3):
        for _ in range(count):
            here.at_stage("in_hand", by=here.stranger)
        with django_assert_num_queries(5):  # zone of the pages 2, jurisdiction, requests, pictures
            anyone.get("requests.json")


def test_what_came_from_another_city_is_listed_there(here, anyone) -> None:
    from linli.kernel.procedures.performing import begin

    facts = {"text": "x", "source": "City", "source_id": "7", "category": "pothole"}
    matter = begin(
        "casework", "take_over", community=here.community, by="system", facts=facts
    ).matter
    perform(matter, "triage", by=here.dispatcher, facts={"category": "pothole"})

    assert numbers(anyone.get("requests.json")) == []
    assert numbers(anyone.get(f"requests/{matter.number}.json")) == [matter.number]


def test_tokens(anyone, public) -> None:
    (told,) = anyone.get(f"tokens/{public.uuid}.json").json()

    assert told == {"service_request_id": public.number, "token": str(public.uuid)}
    is_error(anyone.get("tokens/nonsense.json"), 404)
    is_error(anyone.get("tokens/nonsense.xml"), 404)


@pytest.mark.parametrize("path", ["", "x", "requests", "requests.html", "requests/.json",
                                  "services/a/b.json", "requests.json/", "requests/%00.json"])  # fmt: skip
def test_what_is_not_there(anyone, here, path) -> None:
    is_error(anyone.get(path), 404)


@pytest.mark.parametrize("path", ["services.json", "services/pothole.xml", "discovery.json"])
def test_methods(anyone, here, path) -> None:
    answer = anyone.post(path)

    is_error(answer, 405)
    assert answer["Allow"] == "GET, HEAD"


def test_jurisdictions(here, elsewhere, public, anyone, program) -> None:
    is_error(anyone.get("requests.json"), 400, "jurisdiction_id")
    is_error(anyone.get("requests.json", jurisdiction_id="nowhere"), 404)
    assert numbers(anyone.get("requests.json", jurisdiction_id="dh")) == [public.number]
    assert numbers(anyone.get("requests.json", jurisdiction_id="xh")) == []
    assert numbers(program.get("requests.json")) == [public.number]
    is_error(program.get("requests.json", jurisdiction_id="xh"), 403)


def test_a_key_that_is_none(here) -> None:
    is_error(Program("linli_x").get("requests.json"), 403, "api_key")


def test_how_often(here, anyone, settings) -> None:
    settings.RATE_LIMITS = {"open311": "2/d"}
    anyone.get("services.json"), anyone.get("services.json")

    answer = anyone.get("services.xml")
    is_error(answer, 429)
    assert int(answer["Retry-After"]) > 0


@pytest.mark.parametrize(
    "failure, status", [(OperationalError("locked"), 503), (KeyError("x"), 500)]
)
def test_when_we_fail(here, anyone, monkeypatch, failure, status) -> None:
    def fail(*args, **kwargs):
        raise failure

    monkeypatch.setattr(offered, "pack_of", fail)

    answer = anyone.get("services.xml")
    is_error(answer, status)
    assert answer.has_header("Retry-After") is (status == 503)
    assert b"locked" not in answer.content


def test_characters_that_xml_cannot_hold(here, anyone) -> None:
    matter = here.report(by=here.resident).matter
    facts = {"category": "pothole", "public_title": "a\x0bb <&> ]]>", "public_text": "\x1f\ufffe好"}
    perform(matter, "triage", by=here.dispatcher, facts=facts)

    root = fromstring(anyone.get("requests.xml").content)

    assert root.findtext("request/description") == "好"
