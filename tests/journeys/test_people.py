"""Signing in, second factors and one's own data, in a real browser."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone

from linli.kernel.organisations.models import Membership
from linli.kernel.people.contacts import mark_verified, reveal_contact, set_contact
from linli.kernel.people.models import Person
from tests.journeys.conftest import check
from tests.neighbourhood import PASSWORD

BOTH = pytest.mark.parametrize("width", ["phone", "desk"])
LANGUAGES = pytest.mark.parametrize("language", ["zh-CN", "en"])
WORDS = {"zh-CN": "注销", "en": "erase"}


@pytest.fixture
def person(here, request):
    """A resident who reads the language of the test."""
    language = "en" if "en" in request.node.callspec.params.values() else "zh-hans"
    Person.objects.update(language=language)
    here.resident.refresh_from_db()
    return here.resident


def sign_in_by_hand(page, person) -> None:
    page.goto("/accounts/login/")
    page.fill("#id_login", person.username)
    page.fill("#id_password", PASSWORD)
    page.locator("form.card button").first.click()


def show_again(page) -> None:
    """Where the page asks once more who one is, say so."""
    if "reauthenticate" in page.url:
        page.fill("#id_password", PASSWORD)
        page.locator("form.card button").first.click()
        page.wait_for_url(re.compile(r"^(?!.*reauthenticate).*$"))


def virtual_device(page):
    """Let the browser have a device that holds passkeys, and a finger that always fits."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }})  # fmt: skip
    return session


def local(page, served) -> str:
    """Passkeys need a name, not a number: the same server by the name localhost."""
    return re.sub(r"//[^:/]+", "//localhost", served)


@BOTH
@LANGUAGES
def test_signing_in_with_a_password(person, open_page, width, language) -> None:
    page = open_page(width, language)
    page.goto("/accounts/login/")
    check(page, f"sign-in-{width}-{language}")
    page.fill("#id_login", person.username)
    page.fill("#id_password", "wrong")
    page.locator("form.card button").first.click()
    page.wait_for_selector(".ll-alert--danger")
    check(page, f"sign-in-wrong-{width}-{language}")
    for path in ("/accounts/signup/", "/accounts/password/reset/"):
        page.goto(path)
        check(page, f"{path.strip('/').replace('/', '-')}-{width}-{language}")

    sign_in_by_hand(page, person)
    page.wait_for_url(re.compile(r":\d+/$"))
    page.locator(".foot a[href='/me/']").click()
    page.wait_for_selector("#sign-in")


@BOTH
def test_without_scripts(here, open_page, width) -> None:
    page = open_page(width, javascript=False)
    sign_in_by_hand(page, here.resident)

    assert page.url.endswith("/")
    page.goto("/accounts/logout/")
    page.locator("form.card button").first.click()
    page.goto("/me/")
    assert "/accounts/login/" in page.url


@BOTH
def test_too_many_wrong_tries(here, open_page, width) -> None:
    page = open_page(width)
    for _ in range(5):
        page.goto("/accounts/login/")
        page.fill("#id_login", here.resident.username)
        page.fill("#id_password", "wrong")
        page.locator("form.card button").first.click()

    assert "30" in page.text_content("main")
    check(page, f"locked-{width}")


@BOTH
@LANGUAGES
def test_an_app_as_second_factor(person, open_page, width, language) -> None:
    page = open_page(width, language)
    sign_in_by_hand(page, person)
    page.goto("/accounts/2fa/")
    check(page, f"second-factor-{width}-{language}")
    page.goto("/accounts/2fa/app/")
    check(page, f"again-{width}-{language}")
    show_again(page)
    secret = page.locator("#authenticator-secret").text_content()
    assert page.evaluate("document.querySelector('main img').naturalWidth") > 100
    check(page, f"app-{width}-{language}")
    page.fill("#id_code", _code(secret))
    page.locator("form.card button").first.click()
    page.wait_for_selector("#recovery-codes li")
    check(page, f"recovery-codes-{width}-{language}")

    page.context.clear_cookies()
    sign_in_by_hand(page, person)
    page.wait_for_url("**/accounts/2fa/authenticate/**")
    check(page, f"second-step-{width}-{language}")
    page.fill("#id_code", _code(secret, 1))
    page.locator("form.card button").first.click()
    page.wait_for_url(re.compile(r":\d+/$"))


def _code(secret: str, ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


@BOTH
@LANGUAGES
def test_a_passkey(person, open_page, served, width, language) -> None:
    page = open_page(width, language)
    virtual_device(page)
    base = local(page, served)
    page.goto(f"{base}/accounts/login/")
    page.fill("#id_login", person.username)
    page.fill("#id_password", PASSWORD)
    page.locator("form.card button").first.click()
    page.wait_for_url(re.compile(r":\d+/$"))
    page.goto(f"{base}/accounts/passkeys/add/")
    show_again(page)
    check(page, f"passkey-add-{width}-{language}")
    page.locator("[data-passkey-button]").click()
    page.wait_for_selector("#recovery-codes li")
    assert Authenticator.objects.filter(user=person, type="webauthn").exists()
    page.goto(f"{base}/accounts/passkeys/")
    check(page, f"passkeys-{width}-{language}")

    page.context.clear_cookies()
    page.goto(f"{base}/accounts/login/")
    check(page, f"sign-in-passkey-{width}-{language}")
    page.locator("#passkey-form [data-passkey-button]").click()
    page.wait_for_url(re.compile(r":\d+/$"))
    page.goto(f"{base}/me/")
    page.wait_for_selector("#sign-in")

    page.goto(f"{base}/accounts/passkeys/reauthenticate/?next=/me/export/")
    check(page, f"passkey-again-{width}-{language}")
    page.locator("[data-passkey-button]").click()
    page.wait_for_url("**/me/export/")


@BOTH
@LANGUAGES
def test_ones_own_data_and_being_forgotten(here, person, open_page, width, language) -> None:
    mark_verified(set_contact(person, "phone", "13800005678"))
    set_contact(person, "name", "王小明")
    matter = here.report(by=person, text="三号楼楼道灯坏了好几天。").matter
    reveal_contact(person, "phone", by=here.handler, reason="约上门修灯的时间", matter=matter)
    Membership.objects.update(since=timezone.localdate() - timedelta(days=30))
    page = open_page(width, language)
    sign_in_by_hand(page, person)
    page.goto("/me/")
    assert "138••••5678" in page.text_content("#contacts")
    assert "约上门修灯的时间" in page.text_content("#looks")
    check(page, f"me-{width}-{language}")
    for path in ("/me/looks/", "/me/contacts/phone/", "/me/contacts/phone/show/", "/me/export/"):
        page.goto(path)
        show_again(page)
        check(page, f"{path.strip('/').replace('/', '-')}-{width}-{language}")
    with page.expect_download() as saved:
        page.locator("form.card button").first.click()
    assert saved.value.suggested_filename.endswith(".zip")

    page.goto("/me/erase/")
    check(page, f"me-erase-{width}-{language}")
    page.fill("#id_word", "no")
    page.locator(".ll-button--danger").click()
    page.wait_for_selector(".ll-field__error")
    page.fill("#id_word", WORDS[language])
    page.locator(".ll-button--danger").click()
    page.wait_for_url("**/me/erased/")
    check(page, f"me-erased-{width}-{language}")
    assert Person.objects.get(pk=person.pk).erased_at is not None


@BOTH
@LANGUAGES
def test_without_an_account(here, open_page, settings, width, language) -> None:
    settings.SMS_GATEWAY_URL = "https://sms.example/send"
    page = open_page(width, language)
    page.goto("/report/")
    page.fill("#id_text", "三号楼楼道灯坏了好几天。")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.fill("#id_phone", "13800005678")
    page.locator("#send").click()
    page.wait_for_selector("#received")
    check(page, f"receipt-verify-{width}-{language}")
    page.locator("a[href$='/phone/']").click()
    check(page, f"verify-phone-{width}-{language}")
    page.goto(page.url.replace("/phone/", "/data/"))
    check(page, f"guest-data-{width}-{language}")
    page.fill("#id_word", WORDS[language])
    page.locator("#erase button").click()
    page.wait_for_url("**/me/erased/")
