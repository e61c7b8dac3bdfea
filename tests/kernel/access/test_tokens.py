"""Tokens: shown once, refused as soon as anything is not in order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.access import tokens
from linli.kernel.access.models import ApiToken, AuditEntry


def test_a_token_is_recognised(here) -> None:
    plaintext = tokens.issue(here.resident, here.community, "telephone", None)

    token = tokens.verify(plaintext)

    assert token is not None
    assert (token.person, token.community, token.name) == (
        here.resident, here.community, "telephone",
    )  # fmt: skip
    assert plaintext.startswith("linli_")


def test_only_a_digest_is_stored(here) -> None:
    plaintext = tokens.issue(here.resident, here.community, "x", None)

    stored = [str(value) for value in ApiToken.objects.values().get().values()]

    assert not any(plaintext[6:] in value for value in stored)


def test_no_two_are_alike(here) -> None:
    issued = {tokens.issue(here.resident, here.community, "x", None) for _ in range(50)}

    assert len(issued) == 50


def test_what_cannot_be_a_token_costs_no_query(here, django_assert_num_queries) -> None:
    plaintext = tokens.issue(here.resident, here.community, "x", None)
    last = "a" if plaintext[-1] != "a" else "b"
    wrong = ["", "linli_", plaintext[:-1], plaintext[:-1] + last, plaintext.upper(), "ü" * 55,
             plaintext + " ", plaintext.replace("linli_", "other_")]  # fmt: skip

    with django_assert_num_queries(0):
        assert [tokens.verify(text) for text in wrong] == [None] * len(wrong)


def test_one_that_was_never_issued_is_refused(here) -> None:
    assert tokens.verify(tokens._new_plaintext()) is None


def test_one_that_has_ended_is_refused(here) -> None:
    soon = timezone.now() + timedelta(minutes=5)
    plaintext = tokens.issue(here.resident, here.community, "x", soon)
    assert tokens.verify(plaintext)

    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert tokens.verify(plaintext) is None


def test_a_revoked_one_is_refused(here) -> None:
    plaintext = tokens.issue(here.resident, here.community, "x", None)
    token = tokens.verify(plaintext)
    assert token

    tokens.revoke(token, by=here.secretary)

    assert tokens.verify(plaintext) is None


def test_one_of_an_inactive_person_is_refused(here) -> None:
    plaintext = tokens.issue(here.resident, here.community, "x", None)
    here.resident.is_active = False
    here.resident.save()

    assert tokens.verify(plaintext) is None


def test_guests_and_inactive_people_get_none(here) -> None:
    guest = here.report().matter.reporter
    here.stranger.is_active = False

    for person in (guest, here.stranger):
        with pytest.raises(ValueError):
            tokens.issue(person, here.community, "x", None)
    with pytest.raises(ValueError):
        tokens.issue(here.resident, here.community, "x", timezone.now() - timedelta(days=1))


def test_its_use_is_noted_once_a_minute(here, django_assert_num_queries) -> None:
    plaintext = tokens.issue(here.resident, here.community, "x", None)
    with django_assert_num_queries(2):
        tokens.verify(plaintext)
    with django_assert_num_queries(1):
        tokens.verify(plaintext)

    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(seconds=61))

    with django_assert_num_queries(2):
        tokens.verify(plaintext)
    assert timezone.now() - ApiToken.objects.get().last_used_at < timedelta(seconds=30)


def test_issuing_and_revoking_leave_audit_entries_without_the_secret(here) -> None:
    plaintext = tokens.issue(here.resident, here.community, "x", None, by=here.secretary)
    token = ApiToken.objects.get()

    tokens.revoke(token, by=here.supervisor)
    tokens.revoke(token, by=here.supervisor)

    entries = AuditEntry.objects.order_by("pk")
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("token.issued", here.secretary),
        ("token.revoked", here.supervisor),
    ]
    assert all(entry.subject == str(token.uuid) for entry in entries)
    assert plaintext not in str(list(entries.values()))
