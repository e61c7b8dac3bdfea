"""Adding, changing, looking at, verifying and deleting one's own contact values."""

from __future__ import annotations

import pytest

from linli.kernel.access.models import AuditEntry
from linli.kernel.people.contacts import masked_contacts, set_contact
from linli.kernel.people.models import Contact
from linli.kernel.people.secrets import decrypt_for
from tests.kernel.people.conftest import code_in, signed_in

PHONE = "/me/contacts/phone/"


def test_it_works(here) -> None:
    client = signed_in(here.resident)

    answer = client.post(PHONE, {"value": "138 0000 5678"})

    assert answer["Location"] == "/me/"
    contact = Contact.objects.get()
    assert decrypt_for(here.resident, contact.ciphertext) == "138 0000 5678"
    assert contact.verified_at is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [("phone", ""), ("phone", "abc"), ("phone", "12"), ("phone", "1" * 40), ("phone", "١٢٣٤٥٦٧٨"),
     ("email", "not an address"), ("email", "a@b"), ("email", "x" * 300 + "@mail.cn"),
     ("email", "a@mail.cn\nBcc: b@mail.cn"), ("name", "   "), ("address", "x" * 300),
     ("name", "a\x00b")],
)  # fmt: skip
def test_what_cannot_be_a_value_is_refused(here, kind, value) -> None:
    answer = signed_in(here.resident).post(f"/me/contacts/{kind}/", {"value": value})

    assert answer.status_code == 422
    assert "ll-field__error" in answer.content.decode()
    assert not Contact.objects.exists()


@pytest.mark.parametrize("path", ["", "show/", "verify/", "delete/"])
def test_a_kind_that_is_none(here, path) -> None:
    client = signed_in(here.resident)

    for method in (client.get, client.post):
        assert method(f"/me/contacts/passport/{path}").status_code in (404, 405)


def test_seeing_it_in_full_asks_once_more_who_one_is(here) -> None:
    set_contact(here.resident, "phone", "13800005678")

    asked = signed_in(here.resident, again=False).get(f"{PHONE}show/")
    assert asked["Location"].startswith("/accounts/reauthenticate/")

    page = signed_in(here.resident).get(f"{PHONE}show/").content.decode()
    assert "13800005678" in page


def test_changing_it_asks_once_more_too(here) -> None:
    client = signed_in(here.resident, again=False)

    answer = client.post(PHONE, {"value": "13800005678"})

    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not Contact.objects.exists()


def test_nobody_reaches_the_value_of_another(here) -> None:
    set_contact(here.resident, "phone", "13800005678")
    client = signed_in(here.stranger)

    assert client.get(f"{PHONE}show/").status_code == 404
    client.post(f"{PHONE}delete/")

    assert Contact.objects.filter(person=here.resident).exists()


def test_deleting_it_twice(here) -> None:
    set_contact(here.resident, "phone", "13800005678")
    client = signed_in(here.resident)

    for _ in range(2):
        assert client.post(f"{PHONE}delete/")["Location"] == "/me/"

    assert masked_contacts(here.resident) == {}
    assert AuditEntry.objects.filter(action="people.contact_deleted").count() == 1
    assert client.get(f"{PHONE}delete/").status_code == 405


def test_verifying_it_by_a_code(here, gateway, now_not_later) -> None:
    client = signed_in(here.resident)
    answer = client.post(PHONE, {"value": "+86 138-0000-5678"})
    assert answer["Location"] == f"{PHONE}verify/"

    with now_not_later():
        page = client.post(f"{PHONE}verify/")

    assert "已发出" in page.content.decode()
    assert gateway[0]["to"] == "13800005678"
    answer = client.post(f"{PHONE}verify/", {"code": code_in(gateway[0]["text"])})
    assert answer["Location"] == "/me/"
    assert Contact.objects.get().verified_at is not None
    assert AuditEntry.objects.filter(action="people.contact_verified").exists()


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "000000", "1" * 5_000, "١٢٣٤٥٦"])
def test_a_wrong_code(here, gateway, now_not_later, code) -> None:
    set_contact(here.resident, "phone", "13800005678")
    client = signed_in(here.resident)
    with now_not_later():
        client.post(f"{PHONE}verify/")
    if code == code_in(gateway[0]["text"]):
        code = "111111"

    answer = client.post(f"{PHONE}verify/", {"code": code})

    assert answer.status_code == 422
    assert "ll-field__error" in answer.content.decode()
    assert Contact.objects.get().verified_at is None


def test_many_tries_are_held_up(here, gateway, settings) -> None:
    settings.RATE_LIMITS = {"phone_code": "3/h"}
    set_contact(here.resident, "phone", "13800005678")
    client = signed_in(here.resident)

    statuses = [client.post(f"{PHONE}verify/", {"code": "000000"}).status_code for _ in range(4)]

    assert statuses == [422, 422, 422, 429]


def test_without_a_gateway_there_is_nothing_to_verify_by(here) -> None:
    set_contact(here.resident, "phone", "13800005678")
    client = signed_in(here.resident)

    assert client.get(f"{PHONE}verify/").status_code == 404
    assert f"{PHONE}verify/" not in client.get("/me/").content.decode()


def test_an_e_mail_address_is_verified_likewise(here, mailoutbox, now_not_later) -> None:
    set_contact(here.resident, "email", "wang@mail.cn")
    client = signed_in(here.resident)
    with now_not_later():
        client.post("/me/contacts/email/verify/")

    (mail,) = mailoutbox
    client.post("/me/contacts/email/verify/", {"code": code_in(mail.body)})

    assert mail.to == ["wang@mail.cn"]
    assert Contact.objects.get().verified_at is not None
