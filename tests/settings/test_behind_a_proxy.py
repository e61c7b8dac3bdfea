"""Pages insist on TLS; what the machine asks of itself does not go through the proxy."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def production(settings: Any) -> Client:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    return Client()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_the_machine_may_ask_without_tls(production: Client, path: str) -> None:
    assert production.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/", "/healthz/more", "/api/v1/matters"])
def test_pages_go_to_tls(production: Client, path: str) -> None:
    answer = production.get(path)
    assert answer.status_code == 301
    assert answer["Location"] == f"https://testserver{path}"


@pytest.mark.django_db
def test_the_proxy_says_that_tls_was_there(production: Client) -> None:
    assert production.get("/board/", headers={"X-Forwarded-Proto": "https"}).status_code != 301
