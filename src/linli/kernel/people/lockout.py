"""After too many wrong tries a name is locked for the network address they came from."""

from __future__ import annotations

import hashlib
import hmac
import math
from typing import TYPE_CHECKING, Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.shortcuts import render
from django.utils import timezone

from linli.kernel.access.rates import sender_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def name_tried(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """Return under which name wrong tries are counted: a keyed hash of what was typed.

    People type telephone numbers and, by mistake, passwords into that field: neither is kept.
    Names that nobody has are counted, and locked, like any other.
    """
    typed = str((credentials or {}).get("username") or "").strip().lower()
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, b"name tried " + typed.encode(), hashlib.sha256).hexdigest()[:32]


def locked_out(
    request: HttpRequest,
    response: HttpResponse | None = None,
    credentials: dict[str, Any] | None = None,
    *args: Any,
    **kwargs: Any,
) -> HttpResponse:
    """Return the page that says in how many minutes one may try again."""
    minutes = minutes_left(request, credentials)
    page = render(request, "account/locked.html", {"minutes": minutes}, status=429)
    page["Retry-After"] = str(minutes * 60)
    return page


def minutes_left(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    """Return how many minutes a lock still holds, at least 1."""
    cool_off = get_cool_off(request)
    tries = AccessAttempt.objects.filter(
        username=name_tried(request, credentials), ip_address=sender_of(request) or None
    )
    last = tries.order_by("-attempt_time").first()
    if cool_off is None or last is None:
        return 1
    left = last.attempt_time + cool_off - timezone.now()
    return max(1, math.ceil(left.total_seconds() / 60))
