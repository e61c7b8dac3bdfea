"""Signing in as people do, and a gateway that keeps what it is given."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from linli.kernel.notify.channels import webhook
from linli.kernel.notify.posting import Reply
from tests.neighbourhood import PASSWORD


def signed_in(person, *, again: bool = True) -> Client:
    """Return a browser in which somebody signed in, and showed once more who they are."""
    client = Client()
    told = {"login": person.username, "password": PASSWORD}
    assert client.post(reverse("account_login"), told).status_code == 302
    if again:
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


@pytest.fixture(autouse=True)
def _no_holding_up(settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def gateway(settings, monkeypatch) -> list[dict]:
    """A gateway for text messages; what it was sent lands in the list."""
    settings.SMS_GATEWAY_URL = "https://sms.example/send"
    settings.SMS_GATEWAY_SECRET = "between us"
    taken: list[dict] = []

    def take(url: str, content: bytes, headers: dict, **more) -> Reply:
        taken.append(json.loads(content)["data"] | {"headers": headers, "body": content})
        return Reply(200, None, "")

    monkeypatch.setattr(webhook, "post", take)
    return taken


@pytest.fixture
def now_not_later(django_capture_on_commit_callbacks) -> Callable:
    """What waits for the end of a transaction happens at the end of the ``with``."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def code_in(text: str) -> str:
    """Return the six digits of a message."""
    (code,) = re.findall(r"(?<!\d)\d{6}(?!\d)", text)
    return code
