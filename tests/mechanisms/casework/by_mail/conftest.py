"""A mailbox on a real server, and one nobody asks."""

from __future__ import annotations

import pytest

from linli.kernel.mail.mailboxes import add_mailbox
from linli.kernel.notify import posting
from linli.mechanisms.casework.by_mail.taking import Arrived, take
from tests.letters import SERVER, mailbox_for
from tests.mail_server import NAME, PASSWORD, serving


@pytest.fixture
def server(tmp_path, monkeypatch, settings):
    """A mail server whose certificate this process trusts."""
    settings.WEBHOOK_PRIVATE = True
    with serving(tmp_path) as (box, certificate):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        posting.certificates.cache_clear()
        yield box
    posting.certificates.cache_clear()


@pytest.fixture
def mailbox(here, server):
    """A mailbox of the neighbourhood on that server."""
    return add_mailbox(
        here.community, address=NAME, host="localhost", port=server.port, username=NAME,
        password=PASSWORD, authserv_id=SERVER,
    )  # fmt: skip


@pytest.fixture
def box(here):
    """A mailbox whose letters the test hands over itself."""
    return mailbox_for(here.community)


@pytest.fixture
def arrives(box):
    """Hand a letter over: ``arrives(letter())``."""
    return lambda raw, **more: take(Arrived(box, raw, **more))
