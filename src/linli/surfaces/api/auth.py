"""Who calls: a bearer token, and how often it may."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from ninja.errors import Throttled
from ninja.security import HttpBearer

from linli.kernel.access.rates import WINDOWS, allowed
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


def seconds_left(limit: str) -> int:
    """Return how long the window of a limit in ``settings.RATE_LIMITS`` still lasts, at least 1."""
    window = WINDOWS[settings.RATE_LIMITS[limit].rpartition("/")[2]]
    return window - int(time.time()) % window


def caller(request: Any) -> ApiToken:
    """Return the token of a request that was let in."""
    row: ApiToken = request.auth
    return row
