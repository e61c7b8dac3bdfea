"""What becomes of a letter."""

from __future__ import annotations

import pytest
from django.core import mail

from linli.kernel.mail.aside import about
from linli.kernel.mail.models import Arrival, SetAside
from linli.kernel.matters.models import Attachment, Matter
from linli.kernel.notify.delivering import deliver_due
from linli.kernel.people.contacts import mark_verified, masked_contacts, set_contact
from tests.letters import CONFIRMED, SERVER, letter
from tests.pictures import picture

pytestmark = pytest.mark.django_db


def test_it_works(here, arrives) -> None:
    arrival = arrives(letter(above=CONFIRMED))

    matter = Matter.objects.get()
    assert (matter.channel, matter.stage, matter.title) == ("email", "received", "路灯坏了")
    assert matter.text == "东湖路1号2栋1单元门口的路灯坏了，晚上看不见。"
    assert (matter.area, matter.address_text) == (here.grid_area, "东湖路1号2栋1单元")
    assert (arrival.outcome, arrival.matter, arrival.confirmed) == ("began", matter, True)
    assert masked_contacts(matter.reporter) == {"email": "w•••@example.org", "name": "W••••••"}
    assert matter.reporter.is_guest
    assert not matter.reporter.contacts.filter(verified_at__isnull=False).exists()
    assert set(matter.clocks.values_list("name", flat=True)) == {"triage", "reply"}
    event = matter.events.get()
    assert (event.kind, event.facts["sender"]) == ("casework.mailed", "confirmed")
    assert "wang" not in str(event.facts)


def test_the_sender_is_told_with_the_link_back(here, arrives) -> None:
    arrives(letter(above=CONFIRMED))
    deliver_due()

    (told,) = mail.outbox
    assert told.to == ["wang@example.org"]
    assert "路灯坏了" in told.subject
    assert "/t/" in told.body
    assert told.extra_headers["Auto-Submitted"] == "auto-generated"
    assert told.extra_headers["Reply-To"] == "shequ@mail.example"


def test_words_of_a_sender_who_may_be_forged_are_sent_to_nobody(here, arrives) -> None:
    arrives(letter("Buy at https://spam.example now", subject="Buy spam"))
    deliver_due()

    (told,) = mail.outbox
    assert "spam" not in told.subject + told.body + told.alternatives[0][0]
    assert Matter.objects.get().events.get().facts["sender"] == "unconfirmed"


def test_a_place_that_is_not_sure_stays_open(here, arrives) -> None:
    arrives(letter("我家门口 3 号的路灯坏了。"))

    assert (Matter.objects.get().area, Matter.objects.get().address_text) == (None, "")


def test_files_are_checked_and_the_others_named(here, arrives) -> None:
    files = (("坑.jpg", picture().read()), ("a.zip", b"PK\x03\x04bomb"), ("b.exe", b"MZ"))
    arrives(
        letter(files=tuple((name.encode().decode("ascii", "replace"), one) for name, one in files))
    )

    matter = Matter.objects.get()
    assert Attachment.objects.filter(matter=matter).count() == 1
    values = matter.events.get().personal_values
    assert values.filter(field="left_out").exists()


def test_a_long_letter_is_added_whole(here, arrives) -> None:
    text = "\n".join(f"第{number}段，路灯坏了。" * 20 for number in range(60))
    arrives(letter(text))

    matter = Matter.objects.get()
    assert matter.events.filter(kind="casework.answered").count() >= 1
    assert len(matter.text) <= 5_000


def test_one_that_is_longer_than_that_is_put_aside(here, arrives) -> None:
    arrives(letter("路灯坏了。" * 5_000))

    assert SetAside.objects.get().reason == "long"
    assert not Matter.objects.exists()


def test_a_second_copy_is_nothing(here, arrives) -> None:
    raw = letter()

    assert arrives(raw) is not None
    assert arrives(raw) is None
    assert Matter.objects.count() == 1


def test_five_hundred_alike_are_one_request_with_a_count(here, box, arrives) -> None:
    for number in range(12):
        arrives(letter(number=f"n{number}@example.org"))

    assert Matter.objects.count() == 1
    assert Arrival.objects.get(outcome="began").repeats == 11


def test_too_many_of_one_sender_are_one_line(here, arrives, settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "mail_sender": "2/h"}
    for number in range(7):
        arrives(letter(f"第{number}件事，路灯坏了。"))

    assert Matter.objects.count() == 2
    (line,) = SetAside.objects.all()
    assert (line.reason, line.count) == ("many", 5)
    arrives(letter("另一个人", sender="li@example.org"))
    assert Matter.objects.count() == 3


def test_too_many_of_one_domain(here, arrives, settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "mail_domain": "2/h"}
    for number in range(4):
        arrives(letter(f"第{number}件", sender=f"w{number}@example.org"))

    assert Matter.objects.count() == 2
    assert SetAside.objects.get().count == 2


def test_a_sender_is_written_to_only_so_often(here, arrives, settings) -> None:
    for number in range(3):
        arrives(letter(f"第{number}件"))

    assert list(Arrival.objects.values_list("acknowledged", flat=True)) == [True, False, False]


@pytest.mark.parametrize("more, reason", [
    ("Auto-Submitted: auto-replied", "automatic"), ("Precedence: bulk", "automatic"),
    ("X-Auto-Response-Suppress: All", "automatic"), ("List-Id: <x.example.org>", "list"),
    ("Return-Path: <>", "bounce"),
])  # fmt: skip
def test_machines_are_not_answered(here, arrives, more, reason) -> None:
    arrives(letter(more=more))
    deliver_due()

    assert SetAside.objects.get().reason == reason
    assert mail.outbox == []
    assert not Matter.objects.exists()


@pytest.mark.parametrize("sender, reason", [
    ("MAILER-DAEMON@example.org", "bounce"), ("shequ@mail.example", "own"),
    ("linli@localhost", "sender"), ("a@b.cn, c@d.cn", "sender"), ("nobody", "sender"), ("", "sender"),
])  # fmt: skip
def test_senders_that_are_none(here, arrives, sender, reason) -> None:
    arrives(letter(sender=sender))

    assert SetAside.objects.get().reason == reason


def test_one_that_says_nothing(here, arrives) -> None:
    arrives(letter(" \n ", subject="Re: "))

    row = SetAside.objects.get()
    assert (row.reason, about(row).sender) == ("empty", "wang@example.org")
    assert b"wang" not in bytes(row.about) + bytes(row.content)


def test_a_subject_alone_is_enough(here, arrives) -> None:
    arrives(letter("", subject="路灯坏了"))

    assert Matter.objects.get().text == "路灯坏了"


def test_a_confirmed_address_of_an_account_is_that_person(here, arrives) -> None:
    mark_verified(set_contact(here.resident, "email", "wang@example.org"))
    arrives(letter())
    arrives(letter("第二封信。", above=CONFIRMED))

    first, second = Matter.objects.order_by("pk")
    assert first.reporter.is_guest
    assert second.reporter == here.resident


def test_staff_have_no_power_by_mail(here, arrives) -> None:
    mark_verified(set_contact(here.dispatcher, "email", "wang@example.org"))
    arrives(letter(above=CONFIRMED))

    assert Matter.objects.get().reporter.is_guest


@pytest.mark.parametrize("above", [
    "Authentication-Results: other.example; dmarc=pass header.from=example.org",
    f"Authentication-Results: {SERVER}; dmarc=fail header.from=example.org",
    f"Authentication-Results: {SERVER}; spf=pass smtp.mailfrom=a@evil.example",
    f"Authentication-Results: {SERVER}; dmarc=fail\n{CONFIRMED}",
    "",
])  # fmt: skip
def test_who_is_not_confirmed(here, arrives, above) -> None:
    arrives(letter(above=above))

    assert not Arrival.objects.get().confirmed
