"""Administering mailboxes on the workbench."""

from __future__ import annotations

from uuid import uuid4

import pytest

from linli.kernel.access.models import AuditEntry
from linli.kernel.mail import mailboxes
from linli.kernel.mail.conversation import MailFailure, WrongPassword
from linli.kernel.mail.models import Mailbox
from linli.kernel.people.key_rotation import rewrap_all
from linli.kernel.people.secrets import unseal
from tests.letters import mailbox_for

pytestmark = pytest.mark.django_db
PAGE = "/desk/mailboxes/"
FORM = {"address": "Shequ@mail.example", "host": "imap.mail.example", "port": "993",
        "username": "shequ", "password": " 口令 ", "folder": "INBOX",
        "authserv_id": "mx.mail.example"}  # fmt: skip


@pytest.fixture
def answering(monkeypatch):
    """Let every server answer, or fail as told."""
    said = {"number": 3, "failure": None}

    def try_connection(mailbox):
        if said["failure"]:
            raise said["failure"]
        return said["number"]

    monkeypatch.setattr(mailboxes, "try_connection", try_connection)
    monkeypatch.setattr(mailboxes, "public_addresses", lambda host, port: ["203.0.113.9"])
    return said


@pytest.fixture
def desk(here, client):
    client.force_login(here.secretary)
    return client


def test_it_works(here, desk, answering) -> None:
    assert desk.post(PAGE, FORM).status_code == 302

    box = Mailbox.objects.get()
    assert (box.address, box.host, box.port) == ("shequ@mail.example", "imap.mail.example", 993)
    assert unseal(bytes(box.password), mailboxes.PURPOSE).decode() == " 口令 "
    page = desk.get(PAGE).text
    assert "shequ@mail.example" in page
    assert "口令 " not in page
    assert AuditEntry.objects.get(action="mailbox.added").actor == here.secretary


@pytest.mark.parametrize("wrong, field", [
    ({"address": ""}, "address"), ({"address": "nonsense"}, "address"),
    ({"address": "a" * 300 + "@b.cn"}, "address"), ({"host": ""}, "host"),
    ({"host": "imap.mail.example/x"}, "host"), ({"port": "x"}, "port"), ({"port": "0"}, "port"),
    ({"port": "70000"}, "port"), ({"username": "a\r\nb"}, "username"), ({"password": ""}, "password"),
    ({"password": "a\r\nLOGOUT"}, "password"), ({"folder": "a\nb"}, "folder"),
])  # fmt: skip
def test_what_is_missing_or_wrong(desk, answering, wrong, field) -> None:
    answer = desk.post(PAGE, FORM | wrong)

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert not Mailbox.objects.exists()


@pytest.mark.parametrize("failure, field", [
    (WrongPassword("refused"), "password"), (MailFailure("away"), "host"),
])  # fmt: skip
def test_a_server_that_does_not_let_us_in(desk, answering, failure, field) -> None:
    answering["failure"] = failure
    answer = desk.post(PAGE, FORM)

    assert answer.context["form"].errors[field] == [str(failure)]
    assert "shequ" in answer.text  # nothing typed is lost but the password


def test_the_own_network(desk, answering, monkeypatch) -> None:
    monkeypatch.undo()
    answer = desk.post(PAGE, FORM | {"host": "localhost"})

    assert answer.context["form"].errors.keys() == {"host"}


def test_twice_the_same(desk, answering) -> None:
    desk.post(PAGE, FORM)

    assert desk.post(PAGE, FORM).context["form"].errors.keys() == {"address"}


def test_trying_pausing_removing(here, desk, answering) -> None:
    box = mailbox_for(here.community)
    answering["failure"] = MailFailure("away")
    for address, more in (
        (f"{PAGE}{box.uuid}/try/", {}),
        (f"{PAGE}{box.uuid}/active/", {"active": "0"}),
    ):
        assert desk.post(address, more).status_code == 302
    page = desk.get(PAGE).text
    assert "away" in page
    assert not Mailbox.objects.get().active
    desk.post(f"{PAGE}{box.uuid}/active/", {"active": "1"})
    answering["failure"] = None
    desk.post(f"{PAGE}{box.uuid}/try/")
    assert "3" in desk.get(PAGE).text
    desk.post(f"{PAGE}{box.uuid}/remove/")
    assert not Mailbox.objects.exists()


@pytest.mark.parametrize("what", ["try", "active", "remove"])
def test_a_mailbox_nobody_has_here(elsewhere, desk, what) -> None:
    box = mailbox_for(elsewhere.community)
    for uuid in (box.uuid, uuid4()):
        assert desk.post(f"{PAGE}{uuid}/{what}/").status_code == 404


@pytest.mark.parametrize("role", ["dispatcher", "handler", "grid_worker", "resident", "stranger"])
def test_others_are_refused(here, client, role) -> None:
    client.force_login(getattr(here, role))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, FORM).status_code == 403


def test_how_many_queries_the_page_takes(here, desk, django_assert_max_num_queries) -> None:
    for number in range(6):
        mailbox_for(here.community, address=f"s{number}@mail.example", username=f"s{number}")
    with django_assert_max_num_queries(12):
        desk.get(PAGE)


def test_the_password_outlives_a_new_master_key(here, settings) -> None:
    box = mailbox_for(here.community)
    settings.MASTER_KEY, settings.MASTER_KEY_FALLBACKS = "another", [settings.MASTER_KEY]
    assert rewrap_all()["mail"] == 1
    settings.MASTER_KEY_FALLBACKS = []

    box.refresh_from_db()
    assert unseal(bytes(box.password), mailboxes.PURPOSE) == b"secret"
