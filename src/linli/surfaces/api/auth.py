"""Who calls: a bearer token, and how often it may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja.errors import Throttled
from ninja.security import HttpBearer

from linli.kernel.access.rates import allowed, seconds_left
from linli.kernel.access.tokens import verify

if TYPE_CHECKING:
    from django.http import HttpRequest

    from linli.kernel.access.models import ApiToken


class TokenAuth(HttpBearer):
    """Takes ``Authorization: Bearer linli_…``; the row is ``request.auth`` afterwards."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        row = verify(token.strip())
        if row is not None and not allowed("api", f"token:{row.pk}"):
            raise Throttled(wait=seconds_left("api"))
        return row


def caller(request: Any) -> ApiToken:
    """Return the token of a request that was let in."""
    row: ApiToken = request.auth
    return row
