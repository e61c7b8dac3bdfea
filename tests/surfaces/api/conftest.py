"""A caller of the API, by role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from linli.kernel.access.tokens import issue

REPORT = {"procedure": "casework", "start": "report", "facts": {"text": "路灯坏了。"}}


def is_problem(answer: Any, status: int, kind: str) -> dict[str, Any]:
    """Assert that an answer is this problem; return its members."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["type"], body["status"]) == (f"/problems/{kind}", status)
    assert body["title"]
    return body


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
        """GET below /api/v1, or an address that a page gave."""
        path = path if path.startswith("/api/") else f"/api/v1{path}"
        return self.client.get(path, headers=self.headers(**headers))

    def post(
        self, path: str, body: Any = None, content_type: str = "application/json", **headers: str
    ) -> Any:
        """POST JSON below /api/v1."""
        return self.client.post(
            f"/api/v1{path}", data=body, content_type=content_type, headers=self.headers(**headers)
        )

    def act(self, matter: Any, action: str, body: Any = None, **headers: str) -> Any:
        """POST an action on a matter."""
        return self.post(f"/matters/{matter.number}/actions/{action}", body or {}, **headers)


@pytest.fixture
def calls(here):
    """Return a caller for a role of the neighbourhood, or for anyone without a token."""

    def make(role: str | None, there: Any = None) -> Caller:
        if role is None:
            return Caller("")
        there = there or here
        return Caller(issue(getattr(there, role), there.community, role, None))

    return make


@pytest.fixture(autouse=True)
def _no_counted_tries():
    cache.clear()
