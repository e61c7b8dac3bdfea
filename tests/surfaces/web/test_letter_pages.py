"""Looking at e-mail that was put aside, taking it in by hand, dropping it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from linli.kernel.access.models import AuditEntry
from linli.kernel.background.chores import chores
from linli.kernel.mail.aside import delete_old
from linli.kernel.mail.models import Arrival, SetAside
from linli.kernel.matters.models import Matter
from linli.kernel.notify.delivering import deliver_due
from linli.kernel.people.contacts import mark_verified, set_contact
from linli.kernel.people.erasure import erase
from linli.kernel.people.own_data import all_about
from linli.mechanisms.casework.by_mail.taking import Arrived, take
from tests.letters import CONFIRMED, letter, mailbox_for

pytestmark = pytest.mark.django_db
PAGE = "/desk/letters/"


@pytest.fixture
def box(here):
    return mailbox_for(here.community)


@pytest.fixture
def row(box) -> SetAside:
    """A report that a machine sent, with a script in it."""
    text = "路灯<script>alert(1)</script>坏了。"
    take(Arrived(box, letter(text, more="Precedence: bulk", above=CONFIRMED), uid=1))
    return SetAside.objects.get()


@pytest.fixture
def desk(here, client):
    client.force_login(here.dispatcher)
    return client


def test_it_works(here, desk, row) -> None:
    page = desk.get(PAGE).text
    assert "路灯坏了" in page
    assert "w•••@example.org" in page
    assert "wang@example.org" not in page
    shown = desk.get(f"{PAGE}{row.uuid}/").text
    assert "&lt;script&gt;alert(1)" in shown
    assert "wang@example.org" not in shown

    taken = desk.post(f"{PAGE}{row.uuid}/take-in/")

    matter = Matter.objects.get()
    assert taken.url == f"/desk/m/{matter.number}/"
    assert (matter.channel, matter.events.get().facts["acknowledge"]) == ("email", False)
    assert not SetAside.objects.exists()
    assert Arrival.objects.get().matter == matter
    assert AuditEntry.objects.get(action="letter.taken_in").actor == here.dispatcher
    deliver_due()
    assert mail.outbox == []
    told = desk.get(taken.url).text
    assert ("By e-mail" in told) or ("邮件" in told)


def test_dropping(here, desk, row) -> None:
    assert desk.post(f"{PAGE}{row.uuid}/drop/").url == PAGE
    assert not SetAside.objects.exists()
    assert AuditEntry.objects.filter(action="letter.dropped").exists()


@pytest.mark.parametrize("what", ["", "take-in/", "drop/"])
def test_one_that_is_gone_or_of_another_community(desk, elsewhere, what) -> None:
    box = mailbox_for(elsewhere.community)
    take(Arrived(box, letter(more="Precedence: bulk"), uid=1))
    for uuid in (uuid4(), SetAside.objects.get().uuid):
        go = desk.post if what else desk.get
        answer = go(f"{PAGE}{uuid}/{what}")
        assert (answer.status_code, answer.url) == (302, PAGE)
    assert SetAside.objects.count() == 1


def test_taken_in_twice_is_one_request(desk, row) -> None:
    desk.post(f"{PAGE}{row.uuid}/take-in/")
    assert desk.post(f"{PAGE}{row.uuid}/take-in/").url == PAGE
    assert Matter.objects.count() == 1


@pytest.mark.parametrize("raw, cut", [
    (b"\xff\x00", False), (letter(" ", subject=""), False), (letter("长" * 30_000), False),
    (letter(), True),
])  # fmt: skip
def test_what_cannot_be_taken_in(desk, box, raw, cut) -> None:
    take(Arrived(box, raw, uid=1, cut=cut))
    answer = desk.post(f"{PAGE}{SetAside.objects.get().uuid}/take-in/")

    assert answer.status_code == 409
    assert not Matter.objects.exists()
    assert SetAside.objects.exists()


@pytest.mark.parametrize("role", ["handler", "grid_worker", "caller", "resident", "stranger"])
def test_who_does_not_sort_is_refused(here, client, row, role) -> None:
    client.force_login(getattr(here, role))
    for address in (PAGE, f"{PAGE}{row.uuid}/"):
        assert client.get(address).status_code == 403
    for what in ("take-in", "drop"):
        assert client.post(f"{PAGE}{row.uuid}/{what}/").status_code == 403
    assert SetAside.objects.exists()


def test_a_mailbox_that_is_held_back_is_one_line(desk, box) -> None:
    type(box).objects.update(held_back=True, waiting=812)

    assert desk.get(PAGE).text.count("812") == 1


def test_how_many_queries_the_list_takes(desk, box, django_assert_max_num_queries) -> None:
    for number in range(30):
        take(Arrived(box, letter(f"{number}", more="Precedence: bulk"), uid=number + 1))
    with django_assert_max_num_queries(14):
        assert desk.get(PAGE + "?page=2").status_code == 200


def test_they_are_deleted_after_some_days(row, settings) -> None:
    assert delete_old() == 0
    assert delete_old(timezone.now() + timedelta(days=settings.MAIL_REFUSED_DAYS + 1)) == 1
    assert not SetAside.objects.exists()
    assert any(chore.work == delete_old for chore in chores())
    delete_old(timezone.now() + timedelta(days=settings.MAIL_REMEMBERED_DAYS + 1))
    assert not Arrival.objects.exists()


def test_forgetting_somebody_forgets_their_letters(here, row) -> None:
    set_contact(here.stranger, "email", "Wang@example.org")
    erase(here.stranger)

    assert not SetAside.objects.exists()
    assert Arrival.objects.get().sender == ""


def test_people_take_their_letters_with_them(here, box, row) -> None:
    contact = set_contact(here.stranger, "email", "wang@example.org")
    assert all_about(here.stranger)["letters_put_aside"] == []
    mark_verified(contact)
    take(Arrived(box, letter("井盖没了。", above=CONFIRMED), uid=2))

    told = all_about(here.stranger)
    assert [one["subject"] for one in told["letters_put_aside"]] == ["路灯坏了"]
    assert [one["what"] for one in told["letters"]] == ["began"]


def test_letters_outlive_a_new_master_key(desk, row, settings) -> None:
    from linli.kernel.people.key_rotation import rewrap_all

    settings.MASTER_KEY, settings.MASTER_KEY_FALLBACKS = "another", [settings.MASTER_KEY]
    assert rewrap_all()["mail"] == 2
    settings.MASTER_KEY_FALLBACKS = []
    assert "路灯坏了" in desk.get(PAGE).text
    settings.MASTER_KEY = "lost"
    assert desk.get(PAGE).status_code == 200
