"""Without an account: one's data, by the secret link; the number verified by a code."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
from django.test import Client

from linli.kernel.access.links import link_for, token_of
from linli.kernel.notify.channels import webhook
from linli.kernel.notify.posting import Reply
from linli.kernel.people.contacts import reveal_contact
from linli.kernel.people.models import Contact, Person


@pytest.fixture
def link(here) -> str:
    """Where a guest comes back to what they reported."""
    matter = here.report(text="路灯坏了。", phone="13800005678", name="王小明").matter
    return f"/t/{token_of(link_for(matter, matter.reporter))}/"


@pytest.fixture
def gateway(settings, monkeypatch) -> list[dict]:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.SMS_GATEWAY_URL = "https://sms.example/send"
    taken: list[dict] = []

    def take(url: str, content: bytes, headers: dict, **more) -> Reply:
        taken.append(json.loads(content)["data"] | {"headers": headers, "body": content})
        return Reply(200, None, "")

    monkeypatch.setattr(webhook, "post", take)
    return taken


def test_it_works(here, link) -> None:
    guest = Person.objects.get(is_guest=True)
    reveal_contact(guest, "phone", by=here.handler, reason="约时间")
    assert f'href="{link}data/"' in Client().get(link).content.decode()

    page = Client().get(f"{link}data/").content.decode()

    assert "138••••5678" in page
    assert "13800005678" not in page
    assert "约时间" in page


def test_taking_it_out(here, link) -> None:
    answer = Client().post(f"{link}data/", {"do": "export"})

    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as pack:
        told = json.loads(pack.read("data.json"))
    assert {row["value"] for row in told["contacts"]} == {"13800005678", "王小明"}
    assert told["matters"][0]["text"] == "路灯坏了。"


def test_being_forgotten(here, link) -> None:
    answer = Client().post(f"{link}data/", {"do": "erase", "word": "注销"})

    assert answer["Location"] == "/me/erased/"
    assert not Contact.objects.exists()
    for path in (link, f"{link}data/", f"{link}phone/"):
        assert Client().get(path).status_code == 404


@pytest.mark.parametrize(
    "told",
    [{}, {"do": "erase"}, {"do": "erase", "word": "x"}, {"do": "nonsense"}, {"word": "注销"}],
)
def test_nothing_happens_by(here, link, told) -> None:
    answer = Client().post(f"{link}data/", told)

    assert answer.status_code in (200, 422)
    assert Contact.objects.count() == 2


def test_a_link_that_is_none(here, link) -> None:
    for path in ("data/", "phone/"):
        assert Client().get(f"/t/{'a' * 26}/{path}").status_code == 404
        assert Client().post(f"/t/{'a' * 26}/{path}", {"do": "export"}).status_code == 404


def test_who_has_an_account_finds_it_there(here) -> None:
    from linli.kernel.access.links import new_link

    matter = here.report(by=here.resident).matter
    shared = new_link(matter, here.resident)
    shared.save()

    answer = Client().post(f"/t/{token_of(shared)}/data/", {"do": "erase", "word": "注销"})

    assert answer["Location"] == "/me/"
    assert Person.objects.get(pk=here.resident.pk).erased_at is None


def test_verifying_the_number(here, link, gateway, django_capture_on_commit_callbacks) -> None:
    receipt = Client().get(f"{link}received/").content.decode()
    assert f'href="{link}phone/"' in receipt
    client = Client()
    assert client.get(f"{link}phone/").status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(f"{link}phone/").content.decode()
    assert "138••••5678" in page
    (code,) = re.findall(r"\d{6}", gateway[0]["text"])
    answer = client.post(f"{link}phone/", {"code": code})

    assert answer["Location"] == link
    assert Contact.objects.get(kind="phone").verified_at is not None
    assert f"{link}phone/" not in Client().get(f"{link}received/").content.decode()
    assert client.get(f"{link}phone/").status_code == 404, "there is nothing left to verify"


def test_a_wrong_code_for_the_number(here, link, gateway) -> None:
    answer = Client().post(f"{link}phone/", {"code": "000000"})

    assert answer.status_code == 422
    assert Contact.objects.get(kind="phone").verified_at is None


def test_without_a_gateway_the_link_is_enough(here, link) -> None:
    assert "phone/" not in Client().get(f"{link}received/").content.decode()
    assert Client().get(f"{link}phone/").status_code == 404


def test_a_report_is_never_held_up_by_the_gateway(here, gateway, settings) -> None:
    settings.RATE_LIMITS = {"phone_code": "0/h"}

    matter = here.report(text="路灯坏了。", phone="13800005678").matter

    assert matter.stage == "received"
