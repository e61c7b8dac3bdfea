"""Fetching from a server: over TLS, each letter once, the bad beside the good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from linli.kernel.access.reach import Conflicts
from linli.kernel.mail import aside, mailboxes
from linli.kernel.mail.mailboxes import add_mailbox, try_connection
from linli.kernel.mail.models import Arrival, Mailbox, SetAside
from linli.kernel.matters.models import Matter
from linli.kernel.notify import posting
from linli.mechanisms.casework.by_mail import fetching, taking
from linli.mechanisms.casework.by_mail.fetching import fetch
from linli.mechanisms.casework.by_mail.tasks import fetch_due, fetch_mailbox
from tests.letters import CONFIRMED, letter
from tests.mail_server import NAME, PASSWORD
from tests.together import together

pytestmark = pytest.mark.django_db


def again(mailbox: Mailbox) -> fetching.Fetched:
    return fetch(Mailbox.objects.select_related("community__pack").get(pk=mailbox.pk))


def test_it_works(here, server, mailbox) -> None:
    server.receive(letter(above=CONFIRMED))
    server.receive(letter("井盖没了。", charset="gb18030", subject="井盖"))

    done = again(mailbox)

    assert (done.taken, done.aside, done.failure) == (2, 0, "")
    assert set(Matter.objects.values_list("text", flat=True)) >= {"井盖没了。"}
    assert server.letters == []  # what is with us is there no more
    assert [one.split()[0] for one in server.asked].index("ID") < [
        one.split()[0] for one in server.asked
    ].index("SELECT")
    box = Mailbox.objects.get()
    assert (box.last_uid, box.uidvalidity, box.waiting) == (2, 7, 0)
    assert again(mailbox).taken == 0


def test_letters_may_stay_on_the_server(here, server, mailbox) -> None:
    Mailbox.objects.update(keeps=True)
    kept = server.receive(letter())
    again(mailbox)

    assert kept.flags == {"\\Seen"}
    assert again(mailbox).taken == 0


def test_a_server_without_plain_sign_in_and_uidplus(here, server, mailbox) -> None:
    server.capabilities = "IMAP4rev1"
    Mailbox.objects.update(password=mailboxes.seal(b"plain", mailboxes.PURPOSE))
    server.receive(letter())

    assert again(mailbox).taken == 1
    assert server.letters == []


def test_what_came_before_the_mailbox_was_added_is_left_alone(here, server, mailbox) -> None:
    server.receive(letter(), at=datetime.now(UTC) - timedelta(days=3))

    assert again(mailbox).taken == 0
    assert len(server.unread) == 1


def test_a_folder_made_anew_brings_nothing_twice(here, server, mailbox) -> None:
    Mailbox.objects.update(keeps=True)
    server.receive(letter())
    again(mailbox)
    server.uidvalidity, server.uidnext = 8, 41
    server.letters[0].uid = 40
    server.receive(letter("第二件。"))

    done = again(mailbox)
    assert (done.taken, done.known) == (1, 1)
    assert Matter.objects.count() == 2


def test_one_bad_letter_does_not_stop_the_rest(here, server, mailbox, monkeypatch) -> None:
    begin_from = taking.begin_from

    def fails(arrival, read, *more, **named):
        if "炸" in read.text:
            raise RuntimeError("a fault of ours")
        return begin_from(arrival, read, *more, **named)

    monkeypatch.setattr(taking, "begin_from", fails)
    server.receive(letter("这封会炸。"))
    server.receive(b"\x00\xff garbage")
    server.receive(letter())

    done = again(mailbox)
    assert (done.taken, done.aside) == (1, 2)
    assert set(SetAside.objects.values_list("reason", flat=True)) == {"failed", "sender"}


def test_one_that_is_too_large_is_not_fetched(here, server, mailbox, settings) -> None:
    settings.MAIL_MAX_BYTES = 1_000
    large = server.receive(letter("大" * 2_000))
    server.receive(letter())

    assert again(mailbox).aside == 1
    assert SetAside.objects.get().reason == "large"
    assert server.letters == [large]  # it stays there
    assert large.flags == {"\\Seen"}
    assert f"UID FETCH {large.uid} (UID BODY.PEEK[]<0.1000>)" not in server.asked


def test_a_server_that_lies_about_the_size(here, server, mailbox, settings) -> None:
    settings.MAIL_MAX_BYTES = 1_000
    server.receive(letter("大" * 2_000), size=10)
    again(mailbox)

    assert all(len(text) < 2_000 for text in Matter.objects.values_list("text", flat=True))


def test_a_crash_between_taking_and_clearing_away(here, server, mailbox, monkeypatch) -> None:
    server.receive(letter())
    server.breaks_at = "UID STORE"
    assert again(mailbox).failure
    assert (Matter.objects.count(), len(server.letters)) == (1, 1)

    server.breaks_at = ""
    assert again(mailbox).failure == ""
    assert (Matter.objects.count(), server.letters) == (1, [])


def test_a_crash_before_it_was_noted_how_far_we_are(here, server, mailbox) -> None:
    Mailbox.objects.update(keeps=True)
    server.receive(letter())
    again(mailbox)
    Mailbox.objects.update(last_uid=0)

    assert again(mailbox).known == 1
    assert Matter.objects.count() == 1


def test_a_flood_waits_on_the_server(here, server, mailbox, settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "mail_mailbox": "3/h"}
    for number in range(8):
        server.receive(letter(f"第{number}件", sender=f"w{number}@d{number}.example"))

    done = again(mailbox)
    assert (done.taken, done.held_back, done.waiting) == (3, True, 5)
    box = Mailbox.objects.get()
    assert (box.held_back, box.waiting, len(server.letters)) == (True, 5, 5)
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "mail_mailbox": ""}
    assert again(mailbox).taken == 5
    assert not Mailbox.objects.get().held_back


def test_one_who_writes_too_much_does_not_hold_up_the_others(
    here, server, mailbox, settings
) -> None:
    limits = {"mail_sender": "1/h", "mail_mailbox": "3/h"}
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, **limits}
    for number in range(6):
        server.receive(letter(f"第{number}件"))
    server.receive(letter("我家停水了。", sender="li@example.com"))

    assert not again(mailbox).held_back
    assert Matter.objects.filter(text="我家停水了。").exists()
    assert len(server.letters) == 5  # of the one line; they stay there


def test_without_room_letters_stay_on_the_server(here, server, mailbox, monkeypatch) -> None:
    monkeypatch.setattr(aside, "MOST_KEPT", 0)
    server.receive(letter(more="Precedence: bulk"))
    again(mailbox)

    assert SetAside.objects.get().content is None
    assert len(server.letters) == 1


def test_many_are_fetched_over_several_conversations(here, server, mailbox, monkeypatch) -> None:
    monkeypatch.setattr(fetching, "MOST_LETTERS", 2)
    monkeypatch.setattr(fetching, "WINDOW", 2)
    for number in range(5):
        server.receive(letter(f"第{number}件", sender=f"w{number}@example.org"))

    assert [again(mailbox).taken for _ in range(3)] == [2, 2, 1]
    assert Matter.objects.count() == 5


@pytest.mark.parametrize("command, said", [
    ("STATUS", b"TAG NO not now\r\n"), ("STATUS", b"* STATUS x\r\nTAG OK\r\n"),
    ("SELECT", b"TAG BAD what\r\n"), ("CAPABILITY", b"* CAPABILITY\r\nTAG OK\r\n"),
    ("UID SEARCH", b"* SEARCH x\r\nTAG NO\r\n"), ("UID FETCH", b"* 1 FETCH (UID 1)\r\nTAG OK\r\n"),
    ("UID FETCH", b"* 1 FETCH (UID 1 RFC822.SIZE 9)\r\nTAG OK\r\n"),
    ("UID FETCH", b"* 1 FETCH {999999999999}\r\n"), ("UID FETCH", b"\xff\xfe\r\n"),
    ("STATUS", b"x" * 1_200_000 + b"\r\n"),
])  # fmt: skip
def test_a_server_that_answers_wrongly(here, server, mailbox, command, said) -> None:
    server.receive(letter())
    server.says = {command: said}
    done = again(mailbox)

    assert done.failure or done.taken == 0
    assert Matter.objects.count() == 0
    server.says = {}
    Mailbox.objects.update(claimed_until=None)
    again(mailbox)


@pytest.mark.parametrize("at", ["AUTHENTICATE", "STATUS", "SELECT", "UID FETCH"])
def test_a_server_that_hangs_up(here, server, mailbox, at) -> None:
    server.receive(letter())
    server.breaks_at = at

    assert again(mailbox).failure
    box = Mailbox.objects.get()
    assert (box.failures, box.claimed_until) == (1, None)
    assert box.last_error
    assert box.next_fetch_at > box.failed_at
    server.breaks_at = ""
    assert again(mailbox).taken == 1
    assert Mailbox.objects.get().last_error == ""


@pytest.mark.parametrize("wrong, field", [
    ({"password": "x"}, "password"), ({"username": "nobody"}, "password"),
    ({"folder": "Nowhere"}, "host"), ({"host": "127.0.0.1"}, "host"), ({"host": ""}, "host"),
    ({"host": "https://localhost"}, "host"), ({"host": "no such host"}, "host"),
    ({"address": "nonsense"}, "address"), ({"port": 1}, "host"),
])  # fmt: skip
def test_a_mailbox_that_cannot_be_added(here, server, wrong, field) -> None:
    given = {"address": NAME, "host": "localhost", "port": server.port, "username": NAME,
             "password": PASSWORD}  # fmt: skip
    with pytest.raises(Conflicts) as refused:
        add_mailbox(here.community, **given | wrong)

    assert refused.value.field == field
    assert not Mailbox.objects.exists()


def test_a_second_reader_of_one_mailbox(here, elsewhere, server, mailbox) -> None:
    with pytest.raises(Conflicts):
        add_mailbox(
            elsewhere.community, address="other@mail.example", host="localhost", port=server.port,
            username=NAME, password=PASSWORD,
        )  # fmt: skip


def test_the_own_network_is_not_called(here, server, mailbox, settings) -> None:
    settings.WEBHOOK_PRIVATE = False

    assert "private" in again(mailbox).failure or "内部" in again(mailbox).failure


def test_a_certificate_nobody_vouches_for(here, server, mailbox, monkeypatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    posting.certificates.cache_clear()

    failure = again(mailbox).failure
    assert "certificate" in failure or "证书" in failure


def test_a_folder_with_a_chinese_name(here, server, mailbox) -> None:
    Mailbox.objects.update(folder="诉求")
    server.folder = "&i8lsQg-"

    assert try_connection(Mailbox.objects.get()) == 0


def test_the_chore_asks_each_mailbox_once(here, server, mailbox) -> None:
    assert (fetch_due(), fetch_due()) == (1, 0)
    assert DBTaskResult.objects.count() == 1
    server.receive(letter())
    fetch_mailbox.func(mailbox.pk)
    assert Matter.objects.count() == 1
    Mailbox.objects.update(active=False, next_fetch_at=datetime.now(UTC))
    assert fetch_due() == 0


def test_while_another_worker_is_at_it(here, server, mailbox) -> None:
    later = datetime.now(UTC) + timedelta(minutes=1)
    Mailbox.objects.update(claimed_until=later)

    assert again(mailbox).busy


def test_how_many_queries_a_letter_takes(
    here, server, mailbox, django_assert_max_num_queries
) -> None:
    server.receive(letter())
    with django_assert_max_num_queries(75):
        again(mailbox)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once(here, server, mailbox, monkeypatch) -> None:
    monkeypatch.setattr(fetching, "claim", lambda box, length: True)
    for number in range(3):
        server.receive(letter(f"第{number}件"))

    together(2, lambda _number: again(mailbox))

    assert Matter.objects.count() == 3
    assert Arrival.objects.count() == 3
