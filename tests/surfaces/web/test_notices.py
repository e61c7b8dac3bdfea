"""A person's notices: reading, marking, ways to be told, push, stopping e-mail."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.urls import reverse

from linli.kernel.notify.inbox import PAGE
from linli.kernel.notify.models import Notice, NoticePreference, PushSubscription
from linli.kernel.notify.preferences import stop_token
from linli.kernel.people.contacts import set_contact
from tests.kernel.notify.test_push import Browser

pytestmark = pytest.mark.django_db
INBOX = "/notices/"


@pytest.fixture
def told(here, client):
    """The resident, signed in, with notices of a report that went all its way."""
    here.at_stage("solved", text="路灯坏了。")
    client.force_login(here.resident)
    return Notice.objects.filter(person=here.resident, channel="site").order_by("pk")


def test_it_works(here, client, told) -> None:
    page = client.get(INBOX)

    assert page.status_code == 200
    assert "您反映的事有答复了" in page.text
    assert page.text.count("notice--new") == told.count()


def test_who_is_not_signed_in_is_asked_to(client, db) -> None:
    for address in (INBOX, "/notices/ways/"):
        assert client.get(address).url.startswith("/accounts/login/")
    assert client.post("/notices/read/").url.startswith("/accounts/login/")


def test_nobody_sees_anothers(here, client, told) -> None:
    client.force_login(here.stranger)

    assert "notice--new" not in client.get(INBOX).text
    assert client.post(f"/notices/{told[0].uuid}/open/").status_code == 404
    assert told[0].read_at is None


def test_both_frames_show_how_many_are_unread(here, client, told) -> None:
    assert f'll-bell__count">{told.count()}<' in client.get("/").text
    client.force_login(here.dispatcher)
    assert "ll-bell__count" in client.get(INBOX).text


def test_opening_marks_it_read_and_leads_to_the_matter(here, client, told) -> None:
    answer = client.post(f"/notices/{told[0].uuid}/open/")

    assert answer.url == f"/matters/{told[0].matter.number}/"
    told[0].refresh_from_db()
    assert Notice.objects.get(pk=told[0].pk).read_at is not None
    assert Notice.objects.get(pk=told[1].pk).read_at is None


def test_opening_twice_does_no_harm(client, told) -> None:
    client.post(f"/notices/{told[0].uuid}/open/")
    first = Notice.objects.get(pk=told[0].pk).read_at
    client.post(f"/notices/{told[0].uuid}/open/")

    assert Notice.objects.get(pk=told[0].pk).read_at == first


def test_looking_at_the_list_marks_nothing(client, told) -> None:
    client.get(INBOX)

    assert not told.filter(read_at__isnull=False).exists()


def test_a_notice_that_is_not_there(client, told) -> None:
    assert client.post(f"/notices/{uuid4()}/open/").status_code == 404
    assert client.get(f"/notices/{told[0].uuid}/open/").status_code == 405


def test_all_can_be_marked_read(client, told) -> None:
    client.post("/notices/read/")

    assert not told.filter(read_at__isnull=True).exists()
    assert "ll-bell__count" not in client.get("/").text


def test_a_long_list_has_pages(here, client, told) -> None:
    row = told[0]
    Notice.objects.bulk_create(
        Notice(
            community_id=row.community_id, channel="site", person=here.resident, matter=row.matter,
            event=row.event, template=row.template, state="delivered",
        )
        for _ in range(PAGE)
    )  # fmt: skip
    first = client.get(INBOX)
    assert first.text.count('class="notice ') == PAGE
    following = first.context["following"]
    second = client.get(f"{INBOX}?before={following}")

    assert second.text.count('class="notice ') == told.count() - PAGE


@pytest.mark.parametrize("before", ["x", "\x00", "1" * 500, "0198f0c0-0000-7000-8000-000000000000"])
def test_a_wrong_place_in_the_list_is_the_beginning(client, told, before) -> None:
    page = client.get(INBOX, {"before": before})

    assert page.status_code == 200
    assert "notice--new" in page.text


def test_the_list_costs_as_much_for_many(here, client, told, django_assert_max_num_queries) -> None:
    here.at_stage("solved")
    here.at_stage("solved")
    with django_assert_max_num_queries(14):
        client.get(INBOX)


# --- ways -----------------------------------------------------------------------------------
def test_ways_are_kept(here, client) -> None:
    client.force_login(here.resident)
    page = client.get("/notices/ways/")
    assert page.context["form"].initial == {"email": True, "push": True, "sms": True}

    client.post("/notices/ways/", {"push": "on"})

    kept = NoticePreference.objects.get(person=here.resident)
    assert (kept.email, kept.push, kept.sms) == (False, True, True)


def test_the_own_address_is_shown_masked(here, client) -> None:
    set_contact(here.resident, "email", "wang@example.org")
    client.force_login(here.resident)
    page = client.get("/notices/ways/").text

    assert "w•••@example.org" in page
    assert "wang@" not in page


# --- push -----------------------------------------------------------------------------------
def send(client, address, body, **more):
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.post(address, content, content_type="application/json", **more)


def test_push_is_switched_on_and_off(here, client, settings) -> None:
    settings.WEBHOOK_PRIVATE = True
    client.force_login(here.resident)
    browser = Browser("https://127.0.0.1/push/1")

    assert send(client, "/notices/push/", browser.subscription).status_code == 201
    assert send(client, "/notices/push/", browser.subscription).status_code == 201
    assert PushSubscription.objects.get().person == here.resident
    off = {"endpoint": browser.endpoint}
    assert send(client, "/notices/push/off/", off).json() == {"on": False}
    assert send(client, "/notices/push/off/", off).status_code == 200
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"{", 400), (b"[]", 400), (b"null", 400), (b"\xff\xfe", 400), (b"{}", 400),
        (b"[" * 4000, 400), (b'{"x": "' + b"y" * 5000 + b'"}', 413),
    ],
)  # fmt: skip
def test_what_is_no_subscription_is_refused_with_a_sentence(here, client, body, status) -> None:
    client.force_login(here.resident)
    answer = send(client, "/notices/push/", body)

    assert answer.status_code == status
    assert answer.json()["detail"]
    assert not PushSubscription.objects.exists()


def test_push_needs_an_account(client, db) -> None:
    assert send(client, "/notices/push/", {}).status_code == 403
    assert send(client, "/notices/push/off/", {}).status_code == 403


def test_push_from_another_site_is_refused(here) -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(here.resident)

    assert send(strict, "/notices/push/", {}).status_code == 403


def test_the_script_lies_at_the_root(client, db) -> None:
    answer = client.get("/sw.js")

    assert answer["Content-Type"] == "text/javascript"
    assert b"showNotification" in answer.getvalue()


# --- stopping e-mail ------------------------------------------------------------------------
def test_a_letters_link_stops_further_letters(here, client) -> None:
    address = reverse("notices:stop_email", kwargs={"token": stop_token(here.resident)})
    assert client.get(address).status_code == 200
    assert not NoticePreference.objects.exists(), "looking stops nothing"

    for _twice in range(2):
        assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not NoticePreference.objects.get(person=here.resident).email


def test_mail_programs_need_no_token_of_ours(here) -> None:
    from django.test import Client

    address = reverse("notices:stop_email", kwargs={"token": stop_token(here.resident)})
    assert Client(enforce_csrf_checks=True).post(address).status_code == 200


@pytest.mark.parametrize("token", ["x", "x:y", "a" * 3000])
def test_a_wrong_link_stops_nothing(client, db, token) -> None:
    answer = client.post(f"/notices/stop/{token}/")

    assert answer.status_code == 404
    assert not NoticePreference.objects.exists()
