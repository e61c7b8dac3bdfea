"""A second factor: an app that shows codes, a passkey, recovery codes on paper."""

from __future__ import annotations

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from linli.kernel.access.models import AuditEntry
from linli.kernel.people.sign_in import has_second_factor
from tests.kernel.people.conftest import signed_in
from tests.neighbourhood import PASSWORD

APP = "/accounts/2fa/app/"
STEP = "/accounts/2fa/authenticate/"


def code_of(secret: str, ahead: int = 0) -> str:
    """Return the code an app shows, now or in the next half minute."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def set_up_app(person) -> tuple[Client, str]:
    client = signed_in(person)
    secret = client.get(APP).context["form"].secret
    answer = client.post(APP, {"code": code_of(secret)})
    assert answer.status_code == 302
    return client, secret


def with_password(person) -> Client:
    client = Client()
    answer = client.post("/accounts/login/", {"login": person.username, "password": PASSWORD})
    assert answer["Location"].startswith(STEP)
    assert "_auth_user_id" not in client.session, "the password alone does not sign in"
    return client


def who(client: Client) -> str:
    return client.session.get("_auth_user_id", "")


def test_it_works(here) -> None:
    _, secret = set_up_app(here.handler)
    client = with_password(here.handler)

    client.post(STEP, {"code": code_of(secret, 1)})

    assert who(client) == str(here.handler.pk)
    assert has_second_factor(here.handler)


def test_the_secret_is_sealed_at_rest(here) -> None:
    _, secret = set_up_app(here.handler)

    kept = [json.dumps(row.data) for row in Authenticator.objects.all()]

    assert len(kept) == 2  # the app, and recovery codes with it
    assert not any(secret in row for row in kept)


def test_setting_it_up_asks_once_more_who_one_is(here) -> None:
    client = signed_in(here.handler, again=False)

    answer = client.get(APP)

    assert answer["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.parametrize("code", ["", "000000", "abc", "1" * 5_000, "\x00"])
def test_a_wrong_code_sets_nothing_up(here, code) -> None:
    client = signed_in(here.handler)
    client.get(APP)

    answer = client.post(APP, {"code": code})

    assert answer.status_code == 200
    assert not has_second_factor(here.handler)


@pytest.mark.parametrize("code", ["", "000000", "abc", "1" * 5_000])
def test_a_wrong_code_does_not_sign_in(here, code) -> None:
    set_up_app(here.handler)
    client = with_password(here.handler)

    answer = client.post(STEP, {"code": code})

    assert answer.status_code == 200
    assert not who(client)


def test_a_code_works_once(here) -> None:
    _, secret = set_up_app(here.handler)
    code = code_of(secret, 1)
    with_password(here.handler).post(STEP, {"code": code})
    second = with_password(here.handler)

    second.post(STEP, {"code": code})

    assert not who(second)


def test_many_wrong_codes_are_slowed(here, settings) -> None:
    """A hundred a day for each account, from wherever: three of a million are right at a time."""
    assert "100/d/key" in settings.ACCOUNT_RATE_LIMITS["login_failed"]
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "4/d/key"}
    _, secret = set_up_app(here.handler)
    client = with_password(here.handler)
    for _ in range(4):
        client.post(STEP, {"code": "000000"})

    answer = client.post(STEP, {"code": code_of(secret, 1)})

    assert "太多" in answer.content.decode()
    assert not who(client)


def test_a_recovery_code_signs_in_once(here) -> None:
    set_up_app(here.handler)
    row = Authenticator.objects.get(user=here.handler, type="recovery_codes")
    code = RecoveryCodes(row).get_unused_codes()[0]
    client = with_password(here.handler)
    client.post(STEP, {"code": code})
    assert who(client)

    again = with_password(here.handler)
    again.post(STEP, {"code": code})

    assert not who(again)


def test_recovery_codes_are_shown_and_saved(here) -> None:
    client, _ = set_up_app(here.handler)

    page = client.get("/accounts/2fa/codes/").content.decode()
    file = client.get("/accounts/2fa/codes/download/")

    codes = file.content.decode().split()
    assert len(codes) == 10
    assert all(code in page for code in codes)
    assert "attachment" in file["Content-Disposition"]

    client.post("/accounts/2fa/codes/new/")

    assert not set(codes) & set(
        client.get("/accounts/2fa/codes/download/").content.decode().split()
    )


def test_removing_the_app(here) -> None:
    client, _ = set_up_app(here.handler)
    assert client.get("/accounts/2fa/app/remove/").status_code == 200

    client.post("/accounts/2fa/app/remove/")

    assert not has_second_factor(here.handler)


@pytest.mark.parametrize("credential", ["", "x", "[]", "{}", '{"id": 1}', "null", "9" * 30_000])
@pytest.mark.parametrize(
    "path", ["/accounts/passkeys/add/", "/accounts/passkeys/login/",
             "/accounts/passkeys/reauthenticate/"],
)  # fmt: skip
def test_what_is_no_passkey_is_refused(here, path, credential) -> None:
    client = Client() if "login" in path else signed_in(here.handler)
    if "login" not in path:
        client.get(path)

    answer = client.post(path, {"credential": credential, "name": "x"})

    assert answer.status_code in (200, 302)
    assert not has_second_factor(here.handler)
    assert "login" not in path or not who(client)


def test_nobody_changes_the_passkey_of_another(here) -> None:
    theirs = Authenticator.objects.create(user=here.handler, type="webauthn", data={"name": "x"})
    client = signed_in(here.resident)

    for what in ("edit", "remove"):
        assert client.get(f"/accounts/passkeys/{theirs.pk}/{what}/").status_code == 404
        assert client.post(f"/accounts/passkeys/{theirs.pk}/{what}/").status_code == 404
    assert Authenticator.objects.filter(pk=theirs.pk).exists()


def test_changes_are_in_the_audit_log(here, now_not_later) -> None:
    with now_not_later():
        client, _ = set_up_app(here.handler)
    with_password(here.handler).post(STEP, {"code": "000000"})
    client.post("/accounts/2fa/app/remove/")

    noted = list(
        AuditEntry.objects.filter(action__startswith="people.second_factor")
        .order_by("pk")
        .values_list("action", "details__kind", "community__code", "subject")
    )
    own = ("dh", str(here.handler.uuid))
    assert ("people.second_factor_added", "totp", *own) in noted
    assert ("people.second_factor_failed", "totp", *own) in noted
    assert ("people.second_factor_removed", "totp", *own) in noted
