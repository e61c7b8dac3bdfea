"""A letter that answers one of ours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from linli.kernel.mail.models import Arrival, SetAside
from linli.kernel.mail.tokens import answered, reply_token
from linli.kernel.matters.models import Attachment, Matter
from linli.kernel.notify.delivering import deliver_due
from linli.kernel.notify.models import Notice
from linli.kernel.people.contacts import set_contact
from linli.kernel.people.erasure import erase
from linli.kernel.procedures.performing import perform
from tests.letters import letter
from tests.pictures import picture

pytestmark = pytest.mark.django_db


def reply(matter, text="在二号楼门口。", **more):
    """Return an answer to the last of our letters about a matter."""
    token = more.pop("token", None) or reply_token(matter.pk, matter.reporter_id)
    more["more"] = f"In-Reply-To: <{'0' * 32}.{token}@linli.example>"
    return letter(text, **{"subject": "回复：有个问题要问您"} | more)


@pytest.fixture
def asked(here):
    """A matter whose reporter was asked something."""
    matter = here.at_stage("in_hand", by=here.resident)
    perform(matter, "ask_reporter", by=here.handler, facts={"text": "在几号楼？"})
    matter.refresh_from_db()
    return matter


def test_it_works(here, arrives, asked) -> None:
    quoted = "在二号楼门口。\n\n在 2026年5月1日，东湖社区 写道：\n> 在几号楼？"
    arrival = arrives(reply(asked, quoted, files=(("a.png", picture().read()),)))

    event = asked.events.get(kind="casework.answered")
    assert (arrival.outcome, arrival.matter, event.actor) == ("added", asked, here.resident)
    asked.refresh_from_db()
    assert asked.servicerequest.asked == ""
    assert Attachment.objects.filter(matter=asked).count() == 1
    assert Matter.objects.count() == 1


def test_our_own_letters_carry_what_finds_the_matter(here, arrives, asked, box) -> None:
    set_contact(here.resident, "email", "wang@example.org")
    deliver_due()
    told = mail.outbox[-1]

    assert told.extra_headers["Reply-To"] == "shequ@mail.example"
    assert answered(told.extra_headers["Message-ID"]) == (asked.pk, here.resident.pk)
    assert "simply answer" in told.body or "直接回复" in told.body
    arrives(letter("在二号楼。", more=f"References: {told.extra_headers['Message-ID']}"))
    assert asked.events.filter(kind="casework.answered").exists()


def test_by_an_address_of_its_own_where_the_server_has_them(here, arrives, asked, box) -> None:
    type(box).objects.update(subaddresses=True)
    set_contact(here.resident, "email", "wang@example.org")
    deliver_due()
    to = mail.outbox[-1].extra_headers["Reply-To"]

    assert to == f"shequ+{reply_token(asked.pk, here.resident.pk)}@mail.example"
    raw = letter("在二号楼。").replace(b"To: shequ@mail.example", f"To: {to}".encode())
    arrives(raw)
    assert asked.events.filter(kind="casework.answered").exists()


def test_staff_are_not_asked_to_answer(here, box) -> None:
    set_contact(here.dispatcher, "email", "desk@example.org")
    here.report(by=here.resident)
    deliver_due()

    told = mail.outbox[-1]
    assert told.to == ["desk@example.org"]
    assert "Reply-To" not in told.extra_headers
    assert answered(told.extra_headers["Message-ID"]) is None


def test_the_address_alone_leads_nowhere(here, arrives, asked) -> None:
    set_contact(here.resident, "email", "wang@example.org")
    arrives(letter(f"关于 {asked.number}", subject=f"Re: {asked.number}"))

    assert not asked.events.filter(kind="casework.answered").exists()
    assert Matter.objects.count() == 2


@pytest.mark.parametrize("change", [
    lambda token: token[:-1] + ("a" if token[-2] != "a" else "b") + token[-1:],
    lambda token: "a" * 39, lambda token: token[:20], lambda token: token[::-1],
])  # fmt: skip
def test_a_token_that_is_not_ours(here, arrives, asked, change) -> None:
    token = reply_token(asked.pk, here.resident.pk)
    arrives(reply(asked, token=change(token)))

    assert not asked.events.filter(kind="casework.answered").exists()


def test_the_token_of_somebody_who_is_not_the_reporter(here, arrives, asked) -> None:
    for person in (here.stranger, here.handler):
        arrives(reply(asked, f"我是{person}。", token=reply_token(asked.pk, person.pk)))

    assert asked.events.filter(kind__in=("casework.answered", "casework.solved")).count() == 0


def test_a_matter_of_another_community(here, elsewhere, arrives) -> None:
    theirs = elsewhere.report(by=elsewhere.resident).matter
    arrives(reply(theirs))

    assert theirs.events.count() == 1


def test_what_comes_of_it_goes_to_the_known_address_alone(here, arrives, asked) -> None:
    set_contact(here.resident, "email", "wang@example.org")
    deliver_due()
    mail.outbox.clear()
    arrives(reply(asked, sender="evil@evil.example"))
    deliver_due()

    assert [one.to for one in mail.outbox if "evil" in str(one.to)] == []


def test_a_closed_matter_is_opened_again(here, arrives) -> None:
    matter = here.at_stage("closed")
    assert arrives(reply(matter, "灯又坏了。")).outcome == "reopened"

    matter.refresh_from_db()
    assert matter.stage == "in_hand"


def test_thanks_open_nothing(here, arrives) -> None:
    matter = here.at_stage("closed")
    assert arrives(reply(matter, "谢谢，辛苦了！")).outcome == "thanked"

    matter.refresh_from_db()
    assert matter.stage == "closed"


def test_too_late_is_told(here, arrives) -> None:
    matter = here.at_stage("closed")
    past = timezone.now() - timedelta(days=40)
    type(matter)._base_manager.filter(pk=matter.pk).update(closed_at=past)
    assert arrives(reply(matter, "灯又坏了。")).outcome == "too_late"

    notice = Notice.objects.filter(template="casework.mailed_too_late", channel="email").get()
    assert notice.person == here.resident
    deliver_due()


def test_at_a_stage_where_nothing_can_be_added(here, arrives) -> None:
    matter = here.at_stage("closed")
    perform(matter, "appeal", by=here.resident, facts={"reason": "没办好。"})
    arrives(reply(matter))

    assert SetAside.objects.get().reason == "closed"


def test_of_somebody_who_was_forgotten(here, arrives) -> None:
    matter = here.report(email="wang@example.org").matter
    token = reply_token(matter.pk, matter.reporter_id)
    erase(matter.reporter)
    arrives(reply(matter, token=token))

    assert not matter.events.filter(kind="casework.answered").exists()


def test_an_absence_note_adds_nothing(here, arrives, asked) -> None:
    raw = reply(asked).replace(b"MIME-Version", b"Auto-Submitted: auto-replied\r\nMIME-Version")
    arrives(raw)

    assert not asked.events.filter(kind="casework.answered").exists()
    assert Arrival.objects.get().outcome == "aside"
