"""Another city's Open311 server, answered in this process: what was asked of it is noted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from linli.kernel.notify.posting import Answer

URL = "https://city.example/open311/v2"
SERVICES = [
    {"service_code": "P1", "service_name": "Pothole"},
    {"service_code": "L1", "service_name": "Street light"},
]


@dataclass
class ForeignCity:
    """Answers as it is told to; ``requests`` is what it lists, ``failing`` replaces any answer."""

    requests: list[dict[str, Any]] = field(default_factory=list)
    failing: Callable[[str, str], Answer] | None = None
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    submitted: list[dict[str, str]] = field(default_factory=list)
    receipt: Any = None

    def fetch(
        self, method: str, url: str, content: bytes = b"", headers: Any = None, **more: Any
    ) -> Answer:
        """Stand in for `posting.fetch`."""
        path = urlsplit(url).path.removeprefix("/open311/v2/")
        given = dict(parse_qsl(content.decode() if method == "POST" else urlsplit(url).query))
        self.asked.append((method, path, given))
        if self.failing is not None:
            return self.failing(method, path)
        if path == "services.json":
            return answer(SERVICES)
        if method == "POST":
            return self._submit(given)
        if path.startswith("tokens/"):
            return answer([{"service_request_id": self.receipt or "", "token": "t"}])
        return answer(self._listed(given))

    def _submit(self, given: dict[str, str]) -> Answer:
        self.submitted.append(given)
        number = f"C-{len(self.submitted)}"
        self.requests.append(item(number, description=given["description"]))
        return answer(self.receipt or [{"service_request_id": number}], 201)

    def _listed(self, given: dict[str, str]) -> list[dict[str, Any]]:
        if wanted := given.get("service_request_id"):
            return [
                one for one in self.requests if one.get("service_request_id") in wanted.split(",")
            ]
        size, page = int(given["page_size"]), int(given["page"])
        return self.requests[(page - 1) * size : page * size]


def answer(value: Any, status: int = 200, **more: Any) -> Answer:
    """Return an answer in JSON, or of these very bytes."""
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Answer(
        status, content, "application/json", more.get("location", ""), more.get("retry_after")
    )


def item(number: str, **more: Any) -> dict[str, Any]:
    """Return a request as the city lists it."""
    return {
        "service_request_id": number, "status": "open", "service_code": "P1",
        "description": "A deep hole.", "lat": 30.505, "long": 114.305,
        "requested_datetime": "2026-11-20T08:00:00Z", "updated_datetime": "2026-11-20T08:00:00Z",
    } | more  # fmt: skip
