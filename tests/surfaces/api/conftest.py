"""A caller of the API, by role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from linli.kernel.access.tokens import issue


@dataclass
class Caller:
    """Sends JSON with a token; raises nothing."""

    token: str

    def __post_init__(self) -> None:
        self.client = Client(raise_request_exception=False)

    def headers(self, **more: str) -> dict[str, str]:
        """Return the headers of a request."""
        given = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return given | more

    def get(self, path: str, **headers: str) -> Any:
        """GET below /api/v1."""
        return self.client.get(f"/api/v1{path}", headers=self.headers(**headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST JSON below /api/v1."""
        return self.client.post(
            f"/api/v1{path}",
            data=body,
            content_type="application/json",
            headers=self.headers(**headers),
        )


@pytest.fixture
def calls(here):
    """Return a caller for a role of the neighbourhood, or for anyone without a token."""

    def make(role: str | None) -> Caller:
        if role is None:
            return Caller("")
        return Caller(issue(getattr(here, role), here.community, role, None))

    return make


@pytest.fixture(autouse=True)
def _no_counted_tries():
    from django.core.cache import cache

    cache.clear()
