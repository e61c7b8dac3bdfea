"""Staff without a second factor are led to set one up, where the installation asks for it."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from linli.kernel.access.tokens import issue
from linli.kernel.people.models import Person

SET_UP = "/accounts/2fa/"
STAYS_OPEN = ["/accounts/2fa/", "/accounts/2fa/app/", "/accounts/passkeys/add/",
              "/accounts/logout/", "/accounts/reauthenticate/", "/display/"]  # fmt: skip


@pytest.fixture(autouse=True)
def _asked_for(settings) -> None:
    settings.STAFF_NEEDS_SECOND_FACTOR = True


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("path", ["/desk/", "/me/", "/board/", "/", "/files/x/", "/nowhere/"])
def test_it_works(here, path) -> None:
    assert browser(here.handler).get(path)["Location"] == SET_UP


def test_the_page_says_why(here) -> None:
    page = browser(here.handler).get("/desk/", follow=True)

    assert page.request["PATH_INFO"] == SET_UP
    assert "ll-alert--warning" in page.content.decode()


@pytest.mark.parametrize("path", STAYS_OPEN)
def test_setting_it_up_and_signing_out_stay_open(here, path) -> None:
    answer = browser(here.handler).get(path)

    assert answer.status_code == 200 or answer["Location"].startswith("/accounts/reauthenticate/")


def test_nothing_is_done_by_a_form_either(here) -> None:
    answer = browser(here.handler).post("/me/name/", {"display_name": "New"})

    assert answer.status_code == 403
    assert Person.objects.get(pk=here.handler.pk).display_name != "New"


def test_the_api_answers_with_a_problem(here) -> None:
    answer = browser(here.handler).get("/api/v1/matters")

    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert answer.json()["code"] == "second_factor_needed"


def test_a_bearer_token_is_no_session(here) -> None:
    token = issue(here.handler, here.community, "x", None)

    answer = browser(here.handler).get(
        "/api/v1/matters", headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("kind", ["totp", "webauthn"])
def test_who_has_one_goes_on(here, kind) -> None:
    Authenticator.objects.create(user=here.handler, type=kind, data={"name": "x"})

    assert browser(here.handler).get("/board/").status_code == 200


def test_recovery_codes_alone_are_none(here) -> None:
    Authenticator.objects.create(user=here.handler, type="recovery_codes", data={})

    assert browser(here.handler).get("/board/")["Location"] == SET_UP


def test_administrators_are_asked_too(here) -> None:
    Person.objects.filter(pk=here.stranger.pk).update(is_administrator=True)

    assert browser(here.stranger).get("/board/")["Location"] == SET_UP


@pytest.mark.parametrize("name", ["resident", "stranger"])
def test_residents_are_not_asked(here, name) -> None:
    assert browser(getattr(here, name)).get("/board/").status_code == 200


def test_nobody_is_asked_where_it_is_off(here, settings) -> None:
    settings.STAFF_NEEDS_SECOND_FACTOR = False

    assert browser(here.handler).get("/board/").status_code == 200


def test_who_is_not_signed_in_is_not_asked(here, django_assert_num_queries) -> None:
    assert Client().get("/board/").status_code == 200
