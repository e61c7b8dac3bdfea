"""Web push: encrypted for the browser, signed by us, and browsers that are gone are forgotten."""

from __future__ import annotations

import base64
import json
import os

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from linli.kernel.notify import vapid
from linli.kernel.notify.delivering import deliver_due
from linli.kernel.notify.models import Notice, PushSubscription
from linli.kernel.notify.preferences import set_preferences
from linli.kernel.notify.push_subscriptions import (
    MOST_BROWSERS,
    SubscriptionRefused,
    subscribe,
    unsubscribe,
)

pytestmark = pytest.mark.django_db


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


class Browser:
    """What a browser keeps of its subscription."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint, self.secret = endpoint, os.urandom(16)
        self.key = ec.generate_private_key(ec.SECP256R1())

    @property
    def subscription(self):
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        keys = {"p256dh": encoded(point), "auth": encoded(self.secret)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def open(self, body: bytes):
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret))


@pytest.fixture
def browser(here, receiver) -> Browser:
    browser = Browser(receiver.url)
    subscribe(here.resident, browser.subscription)
    return browser


def pushes(here):
    return Notice.objects.filter(person=here.resident, channel="push")


def test_it_works(here, browser, receiver) -> None:
    receiver.status = 201
    matter = here.at_stage("dispatched")
    deliver_due()

    call = receiver.calls[-1]
    told = browser.open(call.body)
    assert told["url"] == f"/matters/{matter.number}/"
    assert here.roads.name in told["title"]
    assert told["tag"] == pushes(here).last().uuid.hex
    assert call.headers["authorization"].startswith("vapid t=")
    assert vapid.public_key() in call.headers["authorization"]
    assert int(call.headers["ttl"]) > 0
    assert set(pushes(here).values_list("state", flat=True)) == {"delivered"}


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(here, browser, receiver, status) -> None:
    receiver.status = status
    here.at_stage("dispatched")
    deliver_due()

    assert not PushSubscription.objects.exists()
    assert set(pushes(here).values_list("state", flat=True)) == {"skipped"}


def test_a_push_service_in_trouble_is_tried_again(here, browser, receiver) -> None:
    receiver.status, receiver.headers = 503, {"Retry-After": "60"}
    here.at_stage("dispatched")
    deliver_due()

    assert set(pushes(here).values_list("state", flat=True)) == {"waiting"}
    assert PushSubscription.objects.exists()


def test_who_wants_none_gets_none(here, browser, receiver) -> None:
    set_preferences(here.resident, push=False)
    here.at_stage("dispatched")
    deliver_due()

    assert receiver.calls == []


def test_a_browser_belongs_to_who_switched_it_on_last(here, browser) -> None:
    subscribe(here.stranger, browser.subscription)

    assert PushSubscription.objects.get().person == here.stranger


def test_only_the_newest_browsers_are_kept(here, receiver) -> None:
    for number in range(MOST_BROWSERS + 2):
        subscribe(here.resident, Browser(f"{receiver.url}/{number}").subscription)

    kept = PushSubscription.objects.filter(person=here.resident)
    assert kept.count() == MOST_BROWSERS
    assert not kept.filter(endpoint__endswith="/0").exists()


def test_one_may_forget_the_own_browser_only(here, browser) -> None:
    assert not unsubscribe(here.stranger, browser.endpoint)
    assert unsubscribe(here.resident, browser.endpoint)
    assert not unsubscribe(here.resident, browser.endpoint)
    assert not unsubscribe(here.resident, None)


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": None},
        {"endpoint": 7},
        {"endpoint": "ftp://push.example/"},
        {"endpoint": "https://push.example/" + "x" * 600},
        {"keys": None},
        {"keys": {}},
        {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {"keys": {"p256dh": "中", "auth": "文"}},
        {"keys": {"p256dh": ["x"], "auth": {}}},
    ],
)
def test_what_is_no_subscription_is_refused(here, receiver, change) -> None:
    told = Browser(receiver.url).subscription | change

    with pytest.raises(SubscriptionRefused):
        subscribe(here.resident, told)

    assert not PushSubscription.objects.exists()


def test_no_push_into_the_own_network(here, receiver, settings) -> None:
    settings.WEBHOOK_PRIVATE = False
    for address in ("https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/"):
        with pytest.raises(SubscriptionRefused):
            subscribe(here.resident, Browser(address).subscription)


def test_the_key_is_made_once_and_kept(settings, tmp_path) -> None:
    settings.DATA = tmp_path
    first = vapid.public_key()
    vapid._key.cache_clear()

    assert vapid.public_key() == first
    assert len(base64.urlsafe_b64decode(first + "=")) == 65


def test_a_key_of_the_settings_is_used(settings, tmp_path) -> None:
    settings.DATA = tmp_path
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    settings.VAPID_PRIVATE_KEY = encoded(number.to_bytes(32, "big"))

    assert vapid.public_key()
    assert not (tmp_path / vapid.FILE).exists()
