"""Signing in and out, and failing to, is in the audit log, by identifiers alone."""

from __future__ import annotations

from django.test import Client

from linli.kernel.access.models import AuditEntry
from tests.kernel.people.conftest import signed_in
from tests.neighbourhood import PASSWORD


def noted(action: str) -> AuditEntry:
    return AuditEntry.objects.get(action=f"people.{action}")


def test_it_works(here) -> None:
    client = signed_in(here.handler, again=False)
    client.post("/accounts/logout/")

    for action in ("signed_in", "signed_out"):
        entry = noted(action)
        assert (entry.actor, entry.community) == (here.handler, here.community)


def test_a_failed_one_names_the_account_not_what_was_typed(here) -> None:
    Client().post("/accounts/login/", {"login": here.handler.username, "password": "geheim"})

    entry = noted("sign_in_failed")
    assert (entry.actor, entry.subject) == (None, str(here.handler.uuid))
    assert entry.community == here.community
    assert "geheim" not in f"{entry.subject}{entry.details}"


def test_a_name_nobody_has_is_not_kept(here) -> None:
    Client().post("/accounts/login/", {"login": "13912345678", "password": "x"})

    assert noted("sign_in_failed").subject == ""


def test_a_changed_password(here) -> None:
    new = {"oldpassword": PASSWORD, "password1": "quite another 7", "password2": "quite another 7"}
    signed_in(here.stranger).post("/accounts/password/change/", new)

    entry = noted("password_changed")
    assert (entry.actor, entry.community) == (here.stranger, None)
