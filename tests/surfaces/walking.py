"""Every address of the installation, found through Django's own resolver and filled in."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.admindocs.views import simplify_regex
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

if TYPE_CHECKING:
    from collections.abc import Iterator

PARAMETER = re.compile(r"<(?:[^:<>]+:)?(\w+)>")
MOST_COMBINATIONS = 8


@dataclass(frozen=True)
class Route:
    """The pattern of an address: "/matters/<slug:number>/"."""

    pattern: str

    @property
    def parameters(self) -> list[str]:
        """Return the names of what is to be filled in."""
        return PARAMETER.findall(self.pattern)

    def addresses(self, values: dict[str, list[str]]) -> list[str]:
        """Return the addresses with values filled in. Raises KeyError for an unknown parameter."""
        choices = [values[name] for name in self.parameters]
        combined = itertools.islice(itertools.product(*choices), MOST_COMBINATIONS)
        return [self._filled(list(one)) for one in combined]

    def _filled(self, values: list[str]) -> str:
        return PARAMETER.sub(lambda _: values.pop(0), self.pattern)


def all_routes() -> list[Route]:
    """Return every route of the project, each once."""
    found = _below("/", get_resolver().url_patterns)
    return [Route(pattern) for pattern in dict.fromkeys(found)]


def _below(prefix: str, patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for one in patterns:
        here = prefix + _text(one.pattern)
        if isinstance(one, URLResolver):
            yield from _below(here, one.url_patterns)
        else:
            yield here


def _text(pattern: Any) -> str:
    if isinstance(pattern, RegexPattern):
        return str(simplify_regex(pattern.regex.pattern)).lstrip("/")
    return str(pattern)


@dataclass
class Walker:
    """Someone who goes to addresses, with a session and a token as the case may be.

    Whatever a visit writes is undone, so that no visit changes what the next one finds.
    """

    name: str
    person: Any = None
    token: str = ""

    def __post_init__(self) -> None:
        signed_in = Client()
        if self.person is not None:
            signed_in.force_login(self.person)
        self.cookies = signed_in.cookies

    def visits(self, address: str, search: str) -> Iterator[tuple[str, Any]]:
        """Go to an address in each way people and machines may; yield how, and the answer."""
        yield f"GET {address}", self._go("get", address)
        yield f"GET {address}?{search}", self._go("get", f"{address}?{search}")
        if address.startswith("/api/"):
            for body in ({}, {"facts": {}, "version": 1}):
                asked = {"data": body, "content_type": "application/json"}
                yield f"POST {address} {body}", self._go("post", address, **asked)
            return
        filled = {"text": "x", "name": "x", "reason": "x", "next": "/", "version": "1"}
        for form in ({}, filled):
            yield f"POST {address} {form}", self._go("post", address, data=form)

    def _go(self, method: str, address: str, **more: Any) -> Any:
        client = Client(raise_request_exception=False)
        client.cookies = self.cookies.copy()
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        with transaction.atomic():
            answer = getattr(client, method)(address, headers=headers, **more)
            answer.whole = whole(answer)
            transaction.set_rollback(True)
        return answer


def whole(answer: Any) -> str:
    """Return headers and body as text, also of an answer that is sent in pieces."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return headers + "\n" + bytes(answer.getvalue()).decode("utf-8", "replace")
