"""Signing in with a password: by user name, verified telephone or verified e-mail."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils.translation import override

from linli.kernel.people.contacts import mark_verified, set_contact
from linli.kernel.people.models import Person
from tests.kernel.people.conftest import signed_in
from tests.neighbourhood import PASSWORD

LOGIN = "/accounts/login/"


def sign_in(login: str, password: str = PASSWORD, **more: str):
    client = Client()
    return client, client.post(LOGIN, {"login": login, "password": password} | more)


def who(client: Client) -> str:
    return client.session.get("_auth_user_id", "")


def test_it_works(here) -> None:
    client, answer = sign_in(here.resident.username)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert who(client) == str(here.resident.pk)


@pytest.mark.parametrize("login", ["138-0000-5678", "+86 13800005678", "Wang@Mail.cn"])
def test_by_a_verified_contact(here, login) -> None:
    mark_verified(set_contact(here.resident, "phone", "13800005678"))
    mark_verified(set_contact(here.resident, "email", "wang@mail.cn"))

    client, _ = sign_in(login)

    assert who(client) == str(here.resident.pk)


def test_not_by_a_contact_nobody_verified(here) -> None:
    set_contact(here.resident, "phone", "13800005678")

    client, _ = sign_in("13800005678")

    assert not who(client)


def test_the_case_of_a_user_name_does_not_matter(here) -> None:
    client, _ = sign_in(here.resident.username.upper())

    assert who(client) == str(here.resident.pk)


def test_leads_back_to_where_one_was(here) -> None:
    _, answer = sign_in(here.resident.username, next="/mine/")
    assert answer["Location"] == "/mine/"

    _, answer = sign_in(here.resident.username, next="https://elsewhere.example/")
    assert answer["Location"] == "/"


def text_of(answer) -> str:
    return "\n".join(
        line for line in answer.content.decode().splitlines() if "csrfmiddlewaretoken" not in line
    )


def test_the_answer_is_the_same_whether_there_is_such_an_account(here) -> None:
    mark_verified(set_contact(here.resident, "phone", "13800005678"))
    pages = set()
    for login in (here.resident.username, "13800005678", "nobody-here", "13999999999"):
        client, answer = sign_in(login, "wrong-password")
        assert answer.status_code == 200
        assert not who(client)
        pages.add(text_of(answer).replace(login, "…"))

    assert len(pages) == 1


def test_a_password_is_checked_whether_there_is_such_an_account(here, monkeypatch) -> None:
    """The slow hash is what takes the time: it runs once for each try."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    plain = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode",
        lambda self, password, salt: hashed.append(1) or plain(self, password, salt),
    )  # fmt: skip
    counts = []
    for login in (here.resident.username, "nobody-here"):
        hashed.clear()
        sign_in(login, "wrong-password")
        counts.append(len(hashed))

    assert counts[0] == counts[1] == 1


@pytest.mark.parametrize(
    ("login", "password"),
    [("", PASSWORD), ("x", ""), ("", ""), ("x" * 5_000, "y"), ("x", "y" * 5_000), ("a\x00b", "c"),
     ("'; drop table", "x"), ("<script>", "x")],
)  # fmt: skip
def test_what_cannot_be_a_name_or_password_is_refused(here, login, password) -> None:
    client, answer = sign_in(login, password)

    assert answer.status_code == 200
    assert not who(client)
    assert "<script>" not in answer.content.decode().replace("<script src", "")


def test_a_closed_account_does_not_sign_in(here) -> None:
    Person.objects.filter(pk=here.resident.pk).update(is_active=False)

    client, answer = sign_in(here.resident.username)

    assert not who(client)
    assert answer["Location"] == reverse("account_inactive")
    assert client.get(answer["Location"]).status_code == 200


def test_a_guest_cannot_sign_in(here) -> None:
    guest = Person.objects.create_guest()

    client, _ = sign_in(guest.username, "")

    assert not who(client)


def test_signing_out(here) -> None:
    client = signed_in(here.resident)
    assert client.get("/accounts/logout/").status_code == 200
    assert who(client), "looking at the page does not sign out"

    client.post("/accounts/logout/")

    assert not who(client)


def test_many_tries_from_one_address_are_slowed(here) -> None:
    cache.clear()
    statuses = [sign_in(f"somebody-{number}", "wrong")[1].status_code for number in range(40)]

    assert 429 in statuses


# --- opening an account -----------------------------------------------------------------------
FORM = {"username": "new-neighbour", "display_name": "新邻居", "password1": "long enough 12",
        "password2": "long enough 12"}  # fmt: skip


def test_opening_an_account(db, here) -> None:
    client = Client(headers={"accept-language": "en"})

    answer = client.post("/accounts/signup/", FORM)

    person = Person.objects.get(username="new-neighbour")
    assert answer.status_code == 302
    assert (person.display_name, person.language) == ("新邻居", "en")
    assert who(client) == str(person.pk)


@pytest.mark.parametrize(
    "change",
    [{"username": "13800005678"}, {"username": "a@b.cn"}, {"username": "guest-1"},
     {"username": "ERASED-1"}, {"username": ""}, {"username": "x" * 200}, {"username": "a b"},
     {"password1": "short", "password2": "short"}, {"password2": "another one 12"},
     {"password1": "1234567890", "password2": "1234567890"}, {"display_name": "x" * 200},
     {"password1": "x1" * 5_000, "password2": "x1" * 5_000}],
)  # fmt: skip
def test_what_is_refused_when_opening_one(here, change) -> None:
    before = Person.objects.count()

    answer = Client().post("/accounts/signup/", FORM | change)

    assert answer.status_code == 200
    assert Person.objects.count() == before
    assert "ll-field__error" in answer.content.decode()


def test_a_name_is_taken_in_any_case(here) -> None:
    Client().post("/accounts/signup/", FORM)
    Client().post("/accounts/signup/", FORM | {"username": "NEW-Neighbour"})

    assert Person.objects.filter(username__iexact="new-neighbour").count() == 1


def test_where_accounts_are_opened_by_the_office(here, settings) -> None:
    settings.SIGN_UP = False
    before = Person.objects.count()

    answer = Client().post("/accounts/signup/", FORM)

    assert "社区" in answer.content.decode()
    assert Person.objects.count() == before
    assert "/accounts/signup/" not in Client().get(LOGIN).content.decode()


# --- the pages --------------------------------------------------------------------------------
def test_only_what_has_a_place_here_is_served() -> None:
    for name in ("account_email", "account_confirm_email", "account_set_password",
                 "account_request_login_code", "socialaccount_connections"):  # fmt: skip
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert not [route for route in get_resolver().reverse_dict if "social" in str(route)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_in_our_frame_and_our_words(here, language) -> None:
    client = signed_in(here.resident)
    client.cookies["linli_language"] = language
    for path in ("/accounts/logout/", "/accounts/password/change/", "/accounts/reauthenticate/",
                 "/accounts/2fa/", "/accounts/2fa/app/", "/accounts/passkeys/",
                 "/accounts/passkeys/add/"):  # fmt: skip
        page = client.get(path)
        assert page.status_code == 200, path
        assert 'class="foot"' in page.content.decode(), path
    with override(language):
        assert 'class="foot"' in Client().get("/accounts/login/").content.decode()


def test_no_script_stands_in_a_page(here) -> None:
    """script-src 'self': what is between the tags would not run, apart from plain data."""
    client = signed_in(here.resident)
    for path in ("/accounts/login/", "/accounts/passkeys/add/", "/accounts/2fa/app/"):
        page = (Client() if "login" in path else client).get(path).content.decode()
        for tag in page.split("<script")[1:]:
            assert tag.startswith((" src=", ' id="passkey-options" type="application/json"'))
        assert " onclick" not in page


# --- changing the password --------------------------------------------------------------------
def test_changing_the_password_ends_every_other_session(here) -> None:
    here_now, elsewhere = signed_in(here.resident), signed_in(here.resident)
    new = {"oldpassword": PASSWORD, "password1": "quite another 7", "password2": "quite another 7"}

    answer = here_now.post("/accounts/password/change/", new)

    assert answer.status_code == 302
    assert here_now.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    assert not who(sign_in(here.resident.username)[0])


@pytest.mark.parametrize(
    "change",
    [{"oldpassword": "wrong"}, {"oldpassword": ""}, {"password2": "not the same 1"},
     {"password1": "short", "password2": "short"}],
)  # fmt: skip
def test_a_password_is_not_changed_by(here, change) -> None:
    client = signed_in(here.resident)
    new = {"oldpassword": PASSWORD, "password1": "quite another 7", "password2": "quite another 7"}

    answer = client.post("/accounts/password/change/", new | change)

    assert answer.status_code == 200
    assert Person.objects.get(pk=here.resident.pk).check_password(PASSWORD)


def test_the_session_cookie_is_for_the_server_alone(here) -> None:
    client, _ = sign_in(here.resident.username)
    cookie = client.cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"], "closing the browser signs out"
