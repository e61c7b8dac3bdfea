"""Letters: their text, their headers, and what the mail server may answer."""

from __future__ import annotations

import smtplib

import pytest
from django.core import mail

from linli.kernel.notify.delivering import deliver_due
from linli.kernel.notify.models import Notice
from linli.kernel.notify.preferences import person_of_stop_token, set_preferences, stop_token
from linli.kernel.people.contacts import set_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def reachable(here):
    set_contact(here.resident, "email", "wang@example.org")
    return here


def letters(here):
    return Notice.objects.filter(person=here.resident, channel="email")


def test_it_works(reachable, settings) -> None:
    settings.SITE_URL = "https://linli.example"
    matter = reachable.at_stage("dispatched", text="路灯<script>坏了")
    deliver_due()

    letter = mail.outbox[-1]
    notice = letters(reachable).last()
    assert letter.to == ["wang@example.org"]
    assert f"https://linli.example/matters/{matter.number}/" in letter.body
    assert letter.extra_headers["Message-ID"] == f"<{notice.uuid.hex}@linli.example>"
    html = letter.alternatives[0][0]
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert notice.state == Notice.State.DELIVERED


def test_it_can_be_stopped_with_one_click(reachable) -> None:
    reachable.at_stage("dispatched")
    deliver_due()

    headers = mail.outbox[-1].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop_token(reachable.resident) in headers["List-Unsubscribe"]


def test_who_wants_no_email_gets_none(reachable) -> None:
    set_preferences(reachable.resident, email=False)
    reachable.at_stage("dispatched")
    deliver_due()

    assert mail.outbox == []
    assert set(letters(reachable).values_list("state", flat=True)) == {"skipped"}


def test_who_was_erased_gets_none(reachable) -> None:
    reachable.at_stage("dispatched")
    reachable.resident.key.delete()
    deliver_due()

    assert mail.outbox == []


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"wang@example.org": (550, b"wang@example.org?")}), "dead"),
        (smtplib.SMTPRecipientsRefused({"wang@example.org": (450, b"later")}), "waiting"),
        (smtplib.SMTPDataError(451, b"wang@example.org later"), "waiting"),
        (smtplib.SMTPServerDisconnected("wang@example.org"), "waiting"),
        (TimeoutError("wang@example.org"), "waiting"),
        (ValueError("wang@example.org"), "dead"),
    ],
)
def test_what_the_mail_server_may_answer(reachable, monkeypatch, error, state) -> None:
    from django.core.mail import EmailMultiAlternatives

    def fail(letter) -> int:
        raise error

    monkeypatch.setattr(EmailMultiAlternatives, "send", fail)
    reachable.at_stage("dispatched")
    deliver_due()

    notice = letters(reachable).first()
    assert notice.state == state
    assert notice.last_error
    assert "wang" not in notice.last_error, "no address in what staff read"


def test_a_token_is_of_one_person_and_cannot_be_made_up(here) -> None:
    token = stop_token(here.resident)

    assert person_of_stop_token(token) == here.resident
    assert person_of_stop_token(token[:-1]) is None
    assert person_of_stop_token(f"{here.stranger.uuid.hex}:{token.partition(':')[2]}") is None
    assert person_of_stop_token("\x00") is None
