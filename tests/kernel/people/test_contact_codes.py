"""Codes: six digits, ten minutes, five tries, one a minute, by a signed call to the gateway."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.notify import signing
from linli.kernel.notify.channels import webhook
from linli.kernel.notify.posting import Reply, Unreachable
from linli.kernel.people.contact_codes import (
    Purpose,
    ask_for_code,
    can_send_to,
    deliver_code,
    is_right,
    verify_contact,
)
from linli.kernel.people.contacts import set_contact
from linli.kernel.people.models import ContactCode, Person, PersonKey
from linli.kernel.people.sms_gateway import NotSent, send_text
from tests.kernel.people.conftest import code_in


@pytest.fixture
def phone(here):
    return set_contact(here.resident, "phone", "138-0000-5678")


@pytest.fixture
def sent(phone, gateway, now_not_later):
    """Ask for a code and return it."""

    def ask(contact=phone) -> str:
        with now_not_later():
            assert ask_for_code(contact)
        return code_in(gateway[-1]["text"])

    return ask


def another(code: str) -> str:
    return "000000" if code != "000000" else "111111"


def test_it_works(phone, sent) -> None:
    assert verify_contact(phone, sent())
    phone.refresh_from_db()
    assert phone.verified_at is not None


def test_only_a_keyed_hash_is_kept(phone, sent) -> None:
    code = sent()

    row = ContactCode.objects.get()
    assert code not in str(vars(row))
    assert row.digest != hashlib.sha256(code.encode()).hexdigest()


def test_a_code_works_once(phone, sent) -> None:
    code = sent()

    assert is_right(phone, Purpose.VERIFY, code)
    assert not is_right(phone, Purpose.VERIFY, code)


def test_a_code_is_for_its_purpose(phone, sent) -> None:
    assert not is_right(phone, Purpose.RESET, sent())


def test_a_code_is_for_its_number(here, phone, sent) -> None:
    code = sent()
    changed = set_contact(here.resident, "phone", "13900005678")

    assert not verify_contact(changed, code)


def test_after_ten_minutes_it_is_too_old(phone, sent) -> None:
    code = sent()
    ContactCode.objects.update(asked_at=timezone.now() - timedelta(minutes=10, seconds=1))

    assert not is_right(phone, Purpose.VERIFY, code)


def test_after_five_tries_the_right_one_is_wrong_too(phone, sent) -> None:
    code = sent()
    for _ in range(5):
        assert not is_right(phone, Purpose.VERIFY, another(code))

    assert not is_right(phone, Purpose.VERIFY, code)


def test_the_fifth_try_still_counts(phone, sent) -> None:
    code = sent()
    for _ in range(4):
        is_right(phone, Purpose.VERIFY, another(code))

    assert is_right(phone, Purpose.VERIFY, code)


def test_one_a_minute(phone, sent, gateway, now_not_later) -> None:
    code = sent()
    with now_not_later():
        assert ask_for_code(phone)

    assert len(gateway) == 1
    assert is_right(phone, Purpose.VERIFY, code), "the one that was sent is still good"


def test_so_many_an_hour_to_one_number_whoever_asks(here, gateway, settings) -> None:
    settings.RATE_LIMITS = {"phone_code": "2/h"}
    people = (here.resident, here.handler, here.stranger)
    contacts = [set_contact(person, "phone", "13800005678") for person in people]

    assert [ask_for_code(contact) for contact in contacts] == [True, True, False]


def test_a_new_one_replaces_the_one_before(phone, sent) -> None:
    first = sent()
    ContactCode.objects.update(asked_at=timezone.now() - timedelta(minutes=2))
    second = sent()

    assert first == second or not is_right(phone, Purpose.VERIFY, first)
    assert is_right(phone, Purpose.VERIFY, second)


def test_delivered_twice_it_is_sent_once(phone, sent, gateway) -> None:
    sent()

    deliver_code.call(ContactCode.objects.get().pk)
    deliver_code.call(0)

    assert len(gateway) == 1


def test_in_the_language_of_the_person(here, phone, sent, gateway) -> None:
    sent()
    assert "验证码" in gateway[-1]["text"]
    Person.objects.update(language="en")
    ContactCode.objects.all().delete()

    sent()

    assert "Your code is" in gateway[-1]["text"]


def test_the_call_is_as_the_gateway_knows_it(gateway) -> None:
    send_text("13800005678", "hello")

    (call,) = gateway
    assert (call["to"], call["text"], call["template"]) == ("13800005678", "hello", "people.code")
    headers = call["headers"]
    identifier, stamp = headers["webhook-id"], int(headers["webhook-timestamp"])
    expected = signing.headers(identifier, stamp, call["body"], [b"between us"])
    assert headers["webhook-signature"] == expected["webhook-signature"]


@pytest.mark.parametrize("status", [302, 400, 410, 500])
def test_a_gateway_that_refuses(
    phone, settings, monkeypatch, now_not_later, status, caplog
) -> None:
    settings.SMS_GATEWAY_URL = "https://sms.example/send"
    monkeypatch.setattr(webhook, "post", lambda *told, **more: Reply(status, None, ""))
    with pytest.raises(NotSent):
        send_text("13800005678", "hello")

    with now_not_later():
        ask_for_code(phone)

    assert not ContactCode.objects.exists(), "another can be asked for at once"
    assert "13800005678" not in caplog.text


def test_a_gateway_that_does_not_answer(settings, monkeypatch) -> None:
    def fail(*told, **more) -> Reply:
        raise Unreachable("too late")

    settings.SMS_GATEWAY_URL = "https://sms.example/send"
    monkeypatch.setattr(webhook, "post", fail)

    with pytest.raises(NotSent):
        send_text("13800005678", "hello")


def test_who_was_erased_gets_none(here, phone, gateway, now_not_later) -> None:
    PersonKey.objects.all().delete()
    with now_not_later():
        ask_for_code(phone)

    assert gateway == []


def test_where_codes_can_go(settings) -> None:
    assert not can_send_to("phone")
    settings.SMS_GATEWAY_URL = "https://sms.example/send"
    assert can_send_to("phone")
    assert can_send_to("email")
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert not can_send_to("email")
    assert not can_send_to("name")
