"""Reading strictly: what a database or a reader of JSON would choke on is refused here.

So is what nobody asked for: a filter misspelt and passed over would answer another question.
"""

from __future__ import annotations

import json
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, NoReturn

from ninja.errors import ValidationError
from ninja.parser import Parser

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from ninja.operation import Operation


class NotJson(Exception):
    """The request says it carries something other than JSON."""


class StrictJson(Parser):
    """JSON as in RFC 8259 and no more: UTF-8, no NaN, no NUL, no half of a surrogate pair."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the parsed body. Raises NotJson, or ValueError for what is not in order."""
        kind = (request.content_type or "").lower()
        if kind != "application/json" and not kind.endswith("+json"):
            raise NotJson
        body: bytes = request.body
        found = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
        if b"\\u" in body:
            _check(found)
        return found


def only_known_parameters(view: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap an operation's function: raise ValidationError for a query name it does not take."""

    @wraps(view)
    def checked(request: HttpRequest, *values: Any, **named: Any) -> Any:
        unknown = sorted(set(request.GET) - _query_names(view._ninja_operation))  # type: ignore[attr-defined]
        if unknown:
            raise ValidationError(
                [{"type": "extra_forbidden", "loc": ("query", name)} for name in unknown]
            )
        return view(request, *values, **named)

    return checked


@cache
def _query_names(operation: Operation) -> frozenset[str]:
    return frozenset(
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    )


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _check(value: Any) -> None:
    """Raise ValueError for a NUL, which PostgreSQL cannot store, or a lone surrogate."""
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("NUL")
        value.encode("utf-8")
    elif isinstance(value, dict):
        for name, one in value.items():
            _check(name)
            _check(one)
    elif isinstance(value, list):
        for one in value:
            _check(one)
