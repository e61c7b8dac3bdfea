"""A forgotten password: a code to a verified contact; the same answers for everyone."""

from __future__ import annotations

import pytest
from django.test import Client

from linli.kernel.access.models import AuditEntry
from linli.kernel.people.contacts import mark_verified, set_contact
from linli.kernel.people.models import Person
from tests.kernel.people.conftest import code_in, signed_in
from tests.neighbourhood import PASSWORD

WHO, CODE = "/accounts/password/reset/", "/accounts/password/reset/code/"
NEW = {"new_password1": "quite another 7", "new_password2": "quite another 7"}


@pytest.fixture
def verified(here):
    return mark_verified(set_contact(here.resident, "phone", "13800005678"))


@pytest.fixture
def asked(verified, here, gateway, now_not_later):
    """Return a browser that asked, and the code that came."""

    def ask(login: str = "") -> tuple[Client, str]:
        client = Client()
        with now_not_later():
            answer = client.post(WHO, {"login": login or here.resident.username})
        assert answer["Location"] == CODE
        return client, code_in(gateway[-1]["text"]) if gateway else ""

    return ask


def password_is(here, password: str) -> bool:
    return Person.objects.get(pk=here.resident.pk).check_password(password)


@pytest.mark.parametrize("login", ["", "138 0000 5678"])
def test_it_works(here, asked, login) -> None:
    elsewhere = signed_in(here.resident)
    client, code = asked(login)

    answer = client.post(CODE, NEW | {"code": f"{code[:3]} {code[3:]}"})

    assert answer["Location"] == "/accounts/login/"
    assert password_is(here, "quite another 7")
    assert elsewhere.get("/me/").status_code == 302, "every session has ended"
    assert AuditEntry.objects.filter(action="people.password_reset").exists()


def test_the_answers_are_the_same_for_who_does_not_exist(here, verified, gateway) -> None:
    pages = set()
    for login in (here.resident.username, here.handler.username, "nobody", "13999999999"):
        client = Client()
        assert client.post(WHO, {"login": login})["Location"] == CODE
        page = client.get(CODE).content.decode()
        wrong = client.post(CODE, NEW | {"code": "000000"})
        pages.add((_without_token(page), wrong.status_code, _without_token(wrong.content.decode())))

    assert len(pages) == 1


def _without_token(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_contact_that_is_not_verified_gets_none(here, gateway, now_not_later) -> None:
    set_contact(here.resident, "phone", "13800005678")
    with now_not_later():
        Client().post(WHO, {"login": here.resident.username})

    assert gateway == []


def test_a_closed_account_gets_none(here, verified, gateway, now_not_later) -> None:
    Person.objects.filter(pk=here.resident.pk).update(is_active=False)
    with now_not_later():
        Client().post(WHO, {"login": here.resident.username})

    assert gateway == []


@pytest.mark.parametrize(
    "change",
    [{"code": "000000"}, {"code": ""}, {"code": "x" * 5_000}, {"new_password2": "not the same 1"},
     {"new_password1": "short", "new_password2": "short"}, {"new_password1": ""},
     {"new_password1": "x1" * 500, "new_password2": "x1" * 500}],
)  # fmt: skip
def test_a_password_is_not_replaced_by(here, asked, change) -> None:
    client, code = asked()
    if change.get("code") == code:
        change = {"code": "111111"}

    answer = client.post(CODE, NEW | {"code": code} | change)

    assert answer.status_code == 422
    assert password_is(here, PASSWORD)


def test_a_code_works_once(here, asked) -> None:
    client, code = asked()
    client.post(CODE, NEW | {"code": code})

    again = client.post(CODE, NEW | {"code": code, "new_password1": "a third one 1"})

    assert again["Location"] == WHO, "what was asked for is done"
    assert password_is(here, "quite another 7")


def test_the_code_of_one_is_none_for_another(here, asked) -> None:
    _, code = asked()
    client = Client()
    client.post(WHO, {"login": here.handler.username})

    client.post(CODE, NEW | {"code": code})

    assert password_is(here, PASSWORD)
    assert Person.objects.get(pk=here.handler.pk).check_password(PASSWORD)


def test_many_tries_are_held_up(here, asked, settings) -> None:
    settings.RATE_LIMITS = {"password_reset": "3/h"}
    client, code = asked()
    for _ in range(3):
        client.post(CODE, NEW | {"code": "000000"})

    client.post(CODE, NEW | {"code": code})

    assert password_is(here, PASSWORD)


@pytest.mark.parametrize("login", ["", "x" * 5_000, "a\x00b"])
def test_a_name_that_cannot_be_one(here, gateway, login) -> None:
    answer = Client().post(WHO, {"login": login})

    assert answer.status_code == 422


def test_where_no_code_can_be_sent_the_page_says_whom_to_ask(here, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

    page = Client().get(WHO).content.decode()

    assert "社区居委会" in page
    assert 'name="login"' not in page
    assert Client().post(WHO, {"login": here.resident.username}).status_code == 200


def test_the_second_step_needs_the_first(here) -> None:
    assert Client().get(CODE)["Location"] == WHO


def test_a_second_factor_is_still_asked_for(here, asked) -> None:
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=here.resident, type="totp", data={"secret": "x"})
    client, code = asked()
    client.post(CODE, NEW | {"code": code})

    answer = client.post(
        "/accounts/login/", {"login": here.resident.username, "password": "quite another 7"}
    )

    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
