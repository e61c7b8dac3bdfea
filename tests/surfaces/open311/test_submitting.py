"""Requests that other programs submit."""

from __future__ import annotations

import pytest
from defusedxml.ElementTree import fromstring
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.kernel.access.tokens import issue, revoke
from linli.kernel.events.models import Event
from linli.kernel.matters.models import Matter
from linli.kernel.people.contacts import masked_contacts
from linli.mechanisms.casework.questions import answers_of
from tests.pictures import picture
from tests.surfaces.open311.conftest import Program, is_error


def test_it_works(here, program) -> None:
    answer = program.submit(
        description="路灯坏了。", first_name="三", last_name="张", phone="13955550137",
        email="z@example.org", device_id="phone-7", account_id="u-9",
        media_url="https://example.org/lamp.jpg",
    )  # fmt: skip

    assert answer.status_code == 201, answer.content
    (told,) = answer.json()
    matter = Matter.objects.get(number=told["service_request_id"])
    assert told["account_id"] == "u-9"
    assert (matter.text, matter.category, matter.channel) == (
        "路灯坏了。",
        "streetlight",
        "open311",
    )
    assert (matter.latitude, matter.area, matter.desk) == (30.505, here.grid_area, here.desk)
    assert set(masked_contacts(matter.reporter)) == {"name", "phone", "email"}
    event = Event.objects.get(matter=matter)
    assert (event.kind, event.actor) == ("casework.submitted", here.stranger)
    assert event.facts["media_url"] == "https://example.org/lamp.jpg"
    assert "u-9" not in str(event.facts)


def test_in_xml(program) -> None:
    root = fromstring(
        program.post("requests.xml", service_code="streetlight", address_id="DH0001").content
    )

    assert root.tag == "service_requests"
    assert Matter.objects.get().number == root.findtext("request/service_request_id")


def test_pictures_are_cleaned_and_attached(here, program, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    answer = program.submit(media=picture())

    assert answer.status_code == 201, answer.content
    assert Matter.objects.get().attachments.count() == 1
    is_error(program.submit(media=SimpleUploadedFile("x.png", b"no picture")), 400)


@pytest.mark.parametrize("form, part", [
    ({"service_code": ""}, "service_code"), ({"lat": ""}, "lat, long"),
    ({"lat": "", "long": ""}, "where"), ({"lat": "91"}, "lat"), ({"lat": "north"}, "lat"),
    ({"lat": "nan"}, "lat"), ({"long": "1e999"}, "long"), ({"description": "x" * 4001}, "description"),
    ({"email": "none"}, "email"), ({"phone": "call me"}, "phone"), ({"address_id": "XX9999"}, "address_id"),
    ({"media_url": "javascript:alert(1)"}, "media_url"), ({"first_name": "x" * 81}, "first_name"),
    ({"device_id": "x" * 201}, "device_id"), ({"description": "a\x00b"}, "description"),
    ({"attribute[colour]": "red"}, "attribute[colour]"), ({"account_id": "x" * 121}, "account_id"),
])  # fmt: skip
def test_what_is_missing_or_wrong(program, form, part) -> None:
    is_error(program.submit(**form), 400, part)
    assert not Matter.objects.exists()


def test_a_service_nobody_offers(program) -> None:
    is_error(program.submit(service_code="nonsense"), 404, "service_code")
    is_error(program.submit(service_code="roads"), 404)  # it groups others


def test_keys(here, elsewhere, program, anyone) -> None:
    is_error(anyone.submit(jurisdiction_id="dh"), 403, "api_key")
    is_error(Program("linli_" + "x" * 49).submit(), 403)
    of_the_api = issue(here.stranger, here.community, "api", None)
    is_error(Program(of_the_api).submit(), 403)
    is_error(program.submit(jurisdiction_id="xh"), 403)
    is_error(program.submit(jurisdiction_id="nowhere"), 403)
    revoke(here.stranger.api_tokens.get(name="app"))
    is_error(program.submit(), 403)
    assert not Matter.objects.exists()


def test_a_key_of_open311_opens_nothing_else(program) -> None:
    headers = {"Authorization": f"Bearer {program.key}"}

    assert program.client.get("/api/v1/matters", headers=headers).status_code == 401


def test_sent_twice_it_is_one(program) -> None:
    first, second = program.submit(), program.submit()

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Matter.objects.count() == 1
    program.submit(description="Another one")
    assert Matter.objects.count() == 2


def test_sent_twice_across_the_edge_of_a_window(program, monkeypatch) -> None:
    from linli.surfaces.open311 import submitting

    for now in (600 * 9 - 1, 600 * 9 + 1, 600 * 11):
        monkeypatch.setattr(submitting.time, "time", lambda now=now: now)
        program.submit()

    assert Matter.objects.count() == 2


def test_with_a_key_of_its_own(program, monkeypatch) -> None:
    from linli.surfaces.open311 import submitting

    for now in (0, 600 * 50):
        monkeypatch.setattr(submitting.time, "time", lambda now=now: now)
        program.submit(headers={"Idempotency-Key": "a7"})
    assert Matter.objects.count() == 1
    is_error(program.submit(headers={"Idempotency-Key": "x" * 61}), 400, "Idempotency-Key")


def test_two_programs_may_say_the_same(here, program) -> None:
    other = Program(issue(here.resident, here.community, "other", None, scope="open311"))

    program.submit(), other.submit()

    assert Matter.objects.count() == 2


def test_how_often(program, settings) -> None:
    settings.RATE_LIMITS = {"open311_submit": "1/d"}
    program.submit()

    is_error(program.submit(description="more"), 429)


@pytest.mark.parametrize("body, kind, status", [
    (b'{"service_code": "pothole"}', "application/json", 403),
    (b"--x\r\nContent-Disposition: form-data", "multipart/form-data; boundary=x", 403),
    (b"x", "multipart/form-data", 400),
    (b"description=" + b"x" * 3_000_000, "application/x-www-form-urlencoded", 413),
    (b"&".join(b"f%d=1" % n for n in range(1000)), "application/x-www-form-urlencoded", 400),
])  # fmt: skip
def test_bodies_that_are_no_form(here, anyone, body, kind, status) -> None:
    answer = anyone.client.post("/open311/v2/requests.json", body, content_type=kind)

    is_error(answer, status)


# --- further questions -----------------------------------------------------------------------
def test_answers_are_kept_as_the_question_asks(program) -> None:
    form = {
        "attribute[noise_kind][]": ["music", "works"],
        "attribute[noise_since]": "2026-11-01T00:00:00Z",
        "attribute[noise_home]": "3-502",
    }
    answer = program.submit(service_code="noise_construction", **form)

    assert answer.status_code == 201, answer.content
    matter = Matter.objects.get()
    assert matter.servicerequest.answers == {
        "noise_kind": ["music", "works"], "noise_since": "2026-11-01",
    }  # fmt: skip
    told = {one.code: one.answer for one in answers_of(matter, personal=True)}
    assert told["noise_home"] == "3-502"


def test_one_answer_hangs_on_another(program) -> None:
    wires = {"attribute[lamp_wires]": "true"}

    is_error(program.submit(**wires), 400, "attribute[lamp_wires]")
    is_error(program.submit(**{"attribute[lamp_fault]": "leaning"}), 400, "attribute[lamp_wires]")
    answer = program.submit(**wires, **{"attribute[lamp_fault]": "leaning"})
    assert answer.status_code == 201, answer.content


@pytest.mark.parametrize("form, part", [
    ({"attribute[noise_kind]": "up"}, "attribute[noise_kind]"),
    ({"attribute[noise_home]": "\x00"}, "attribute[noise_home]"),
    ({"attribute[noise_home]": "x" * 1001}, "attribute[noise_home]"),
    ({"attribute[hole_size]": "1"}, "attribute[hole_size]"),  # another service asks for it
    ({"attribute[noise_since]": "2026-02-30T00:00:00Z"}, "attribute[noise_since]"),
])  # fmt: skip
def test_answers_that_are_none(program, form, part) -> None:
    is_error(program.submit(service_code="noise_construction", **form), 400, part)
    assert not Matter.objects.exists()
