"""After five wrong tries a name is locked for the address they came from; a page says how long."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from linli.kernel.access.models import AuditEntry
from linli.kernel.people.contacts import mark_verified, set_contact
from tests.neighbourhood import PASSWORD


def sign_in(login: str, password: str, address: str = "10.0.0.1"):
    told = {"login": login, "password": password}
    return Client(REMOTE_ADDR=address).post("/accounts/login/", told)


def lock(login: str, address: str = "10.0.0.1"):
    answers = [sign_in(login, "wrong", address) for _ in range(5)]
    return answers[-1]


def test_it_works(here) -> None:
    answer = lock(here.resident.username)

    assert answer.status_code == 429
    assert re.search(r"\b30\b", answer.content.decode())
    assert answer["Retry-After"] == "1800"
    assert sign_in(here.resident.username, PASSWORD).status_code == 429


def test_four_wrong_tries_lock_nothing(here) -> None:
    for _ in range(4):
        assert sign_in(here.resident.username, "wrong").status_code == 200

    assert sign_in(here.resident.username, PASSWORD).status_code == 302


def test_a_right_one_begins_the_count_anew(here) -> None:
    for _ in range(4):
        sign_in(here.resident.username, "wrong")
    sign_in(here.resident.username, PASSWORD)
    for _ in range(4):
        assert sign_in(here.resident.username, "wrong").status_code == 200


def test_a_name_nobody_has_is_locked_alike(here) -> None:
    known, unknown = lock(here.resident.username), lock("nobody-here", "10.0.0.9")

    assert known.status_code == unknown.status_code == 429
    assert known.content.decode().count("30") == unknown.content.decode().count("30")


def test_other_addresses_and_names_stay_open(here) -> None:
    lock(here.resident.username)

    assert sign_in(here.resident.username, PASSWORD, "10.0.0.2").status_code == 302
    assert sign_in(here.handler.username, PASSWORD).status_code == 302


def test_telephone_and_user_name_count_together(here) -> None:
    mark_verified(set_contact(here.resident, "phone", "13800005678"))
    for login in (here.resident.username, "13800005678", "138-0000-5678", "DH-resident"):
        sign_in(login, "wrong")

    assert sign_in("13800005678", "wrong").status_code == 429


def test_trying_on_does_not_make_it_longer_and_it_ends(here) -> None:
    lock(here.resident.username)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=12, seconds=30))
    answer = sign_in(here.resident.username, "wrong")
    assert answer["Retry-After"] == str(18 * 60)

    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=31))

    assert sign_in(here.resident.username, PASSWORD).status_code == 302


def test_nothing_that_was_typed_is_kept(here) -> None:
    sign_in("13912345678", "my secret password")

    row = AccessAttempt.objects.get()
    kept = " ".join(str(value) for value in vars(row).values())
    assert "13912345678" not in kept
    assert "secret" not in kept


def test_it_is_in_the_audit_log(here) -> None:
    lock(here.resident.username)

    failed = AuditEntry.objects.filter(action="people.sign_in_failed")
    assert {entry.subject for entry in failed} == {str(here.resident.uuid)}
    assert AuditEntry.objects.filter(action="people.locked_out").exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_in_both_languages(here, language) -> None:
    lock(here.resident.username)
    client = Client(REMOTE_ADDR="10.0.0.1")
    client.cookies["linli_language"] = language

    page = client.post("/accounts/login/", {"login": here.resident.username, "password": "x"})

    said = {"zh-hans": "30 分钟", "en": "30 minutes"}[language]
    assert said in page.content.decode()
