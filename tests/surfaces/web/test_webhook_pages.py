"""Administering webhooks on the workbench."""

from __future__ import annotations

from uuid import uuid4

import pytest

from linli.kernel.access.models import AuditEntry
from linli.kernel.notify.endpoints import add_endpoint
from linli.kernel.notify.models import WebhookEndpoint
from tests.receiver import receiving

pytestmark = pytest.mark.django_db
PAGE = "/desk/webhooks/"


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_PRIVATE = True
    with receiving() as one:
        yield one


@pytest.fixture
def desk(here, client):
    client.force_login(here.secretary)
    return client


@pytest.fixture
def endpoint(here, receiver):
    return add_endpoint(here.community, "大屏", receiver.url, [], by=here.secretary)[0]


def test_it_works(here, desk, receiver) -> None:
    answer = desk.post(PAGE, {"name": "大屏", "url": receiver.url, "kinds": ["casework.replied"]})

    secret = answer.context["secret"]
    assert secret.startswith("whsec_")
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.name, endpoint.kinds) == ("大屏", ["casework.replied"])
    assert secret.removeprefix("whsec_").encode() not in bytes(endpoint.secret)
    page = desk.get(PAGE).text
    assert "大屏" in page
    assert secret not in page, "a secret is shown once"
    assert AuditEntry.objects.get(action="webhook.added").subject == str(endpoint.uuid)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"url": ""}, "url"),
        ({"url": "x"}, "url"),
        ({"url": "https://" + "x" * 600}, "url"),
        ({"url": "ftp://example.org/"}, "url"),
        ({"kinds": ["casework.nonsense"]}, "kinds"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(
    desk, receiver, given, field
) -> None:
    filled = {"name": "大屏", "url": receiver.url} | given
    page = desk.post(PAGE, filled)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert page.context["form"]["name"].value() == filled["name"]
    assert not WebhookEndpoint.objects.exists()


def test_the_own_network_is_refused(desk, settings) -> None:
    settings.WEBHOOK_PRIVATE = False
    for url in ("https://127.0.0.1/", "https://localhost/", "https://[::1]/", "http://10.0.0.1/"):
        page = desk.post(PAGE, {"name": "x", "url": url})
        assert list(page.context["form"].errors) == ["url"]


def actions(endpoint):
    return [f"{PAGE}{endpoint.uuid}/{name}/" for name in ("test", "active", "rotate", "remove")]


@pytest.mark.parametrize("role", ["resident", "dispatcher", "handler", "supervisor", "stranger"])
def test_without_the_power_it_is_closed(here, client, endpoint, receiver, role) -> None:
    client.force_login(getattr(here, role))

    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"name": "x", "url": receiver.url}).status_code == 403
    for address in actions(endpoint):
        assert client.post(address).status_code == 403
    assert receiver.calls == []
    assert WebhookEndpoint.objects.count() == 1


def test_another_communitys_is_not_there(elsewhere, client, endpoint, receiver) -> None:
    client.force_login(elsewhere.secretary)

    assert "大屏" not in client.get(PAGE).text
    for address in actions(endpoint):
        assert client.post(address).status_code == 404


def test_what_is_not_there_and_what_only_posts(desk, endpoint) -> None:
    assert desk.post(f"{PAGE}{uuid4()}/remove/").status_code == 404
    for address in actions(endpoint):
        assert desk.get(address).status_code == 405


def test_a_test_call_says_what_was_answered(desk, endpoint, receiver) -> None:
    test = f"{PAGE}{endpoint.uuid}/test/"
    assert "ll-alert--success" in desk.post(test, follow=True).text
    assert receiver.calls[0].json["type"] == "linli.test"

    receiver.status, receiver.body = 500, b"<b>broken</b>"
    page = desk.post(test, follow=True).text
    assert "500 &lt;b&gt;broken&lt;/b&gt;" in page


def test_it_is_paused_and_goes_on(desk, endpoint) -> None:
    for active, expected in (("0", False), ("0", False), ("1", True)):
        desk.post(f"{PAGE}{endpoint.uuid}/active/", {"active": active})
        endpoint.refresh_from_db()
        assert endpoint.active is expected


def test_a_new_secret_is_shown_once(desk, endpoint) -> None:
    before = bytes(endpoint.secret)
    answer = desk.post(f"{PAGE}{endpoint.uuid}/rotate/")

    endpoint.refresh_from_db()
    assert answer.context["secret"].startswith("whsec_")
    assert bytes(endpoint.previous_secret) == before
    assert endpoint.previous_until is not None


def test_it_is_removed(desk, endpoint) -> None:
    remove = f"{PAGE}{endpoint.uuid}/remove/"
    assert desk.post(remove).status_code == 302
    assert not WebhookEndpoint.objects.exists()
    assert desk.post(remove).status_code == 404
