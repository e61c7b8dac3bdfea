"""`linli mail`."""

from __future__ import annotations

import json

import pytest

from linli.kernel.mail.models import Mailbox
from linli.kernel.matters.models import Matter
from linli.kernel.notify import posting
from tests.letters import letter, mailbox_for
from tests.mail_server import NAME, PASSWORD, serving


@pytest.fixture
def server(tmp_path, monkeypatch, settings):
    settings.WEBHOOK_PRIVATE = True
    with serving(tmp_path) as (box, certificate):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        posting.certificates.cache_clear()
        yield box
    posting.certificates.cache_clear()


@pytest.fixture
def mailbox(here, server) -> Mailbox:
    from linli.kernel.mail.mailboxes import add_mailbox

    return add_mailbox(here.community, address=NAME, host="localhost", port=server.port,
                       username=NAME, password=PASSWORD)  # fmt: skip


def test_it_works(linli, mailbox, server) -> None:
    server.receive(letter())

    assert linli("mail", "fetch").out == f"{NAME}: 1 taken in, 0 put aside, 0 waiting.\n"
    assert linli("mail", "fetch", NAME).out == f"{NAME}: 0 taken in, 0 put aside, 0 waiting.\n"
    assert Matter.objects.count() == 1
    assert "1 taken in, 0 waiting, 0 put aside  active" in linli("mail", "status").out
    (told,) = json.loads(linli("mail", "status", "--json").out)
    assert (told["address"], told["taken"]) == (NAME, 1)
    assert PASSWORD not in str(told)


def test_a_server_that_fails_is_said(linli, mailbox, server) -> None:
    server.breaks_at = "STATUS"
    done = linli("mail", "fetch")

    assert done.code == 1
    assert NAME in done.err
    assert "mail server" in linli("mail", "status").out


def test_pausing(linli, mailbox) -> None:
    linli("mail", "pause", NAME)
    assert "paused" in linli("mail", "status").out
    assert linli("mail", "fetch").out == ""
    linli("mail", "resume", NAME)
    assert Mailbox.objects.get().active


@pytest.mark.parametrize("what", ["fetch", "pause", "resume"])
def test_a_mailbox_nobody_has(linli, here, elsewhere, what) -> None:
    mailbox_for(elsewhere.community)
    done = linli("mail", what, "shequ@mail.example", "--community", "dh")

    assert (done.code, done.err) == (1, "There is no mailbox “shequ@mail.example”.\n")
