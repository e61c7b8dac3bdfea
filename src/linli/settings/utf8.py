"""What is sent is UTF-8, the encoding of every page and of JSON, whatever it says of itself.

Django takes any codec of Python that a request's ``charset`` names, such as ``base64``, and fails
before any view when it then decodes no text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

# Also as RFC 2231 writes it: charset*=, charset*0=, charset*0*=
_CHARSET = re.compile(r';\s*charset(?:\*\d*\*?)?\s*=\s*(?:"(?:\\.|[^"\\])*"?|[^;]*)', re.IGNORECASE)


def without_charset(content_type: str) -> str:
    """Return a content type without the encoding it names."""
    return _CHARSET.sub("", content_type)


def read_as_utf8(
    application: Callable[[dict[str, Any], Any], Iterable[bytes]],
) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Return a WSGI application that gets no request with another encoding."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["CONTENT_TYPE"] = without_charset(environ.get("CONTENT_TYPE", ""))
        return application(environ, start_response)

    return answer


def read_as_utf8_asynchronously(
    application: Callable[[dict[str, Any], Any, Any], Awaitable[None]],
) -> Callable[[dict[str, Any], Any, Any], Awaitable[None]]:
    """Return an ASGI application that gets no request with another encoding."""

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        headers = [
            (name, without_charset(value.decode("latin-1")).encode("latin-1"))
            if name == b"content-type"
            else (name, value)
            for name, value in scope.get("headers", ())
        ]
        await application({**scope, "headers": headers}, receive, send)

    return answer
