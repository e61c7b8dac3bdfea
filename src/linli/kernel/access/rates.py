"""How often one address may do something: counted in the cache, in fixed windows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache

if TYPE_CHECKING:
    from django.http import HttpRequest

WINDOWS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def within_rate(name: str, request: HttpRequest) -> bool:
    """Count one try of the network address a request comes from, as `allowed` does."""
    return allowed(name, sender_of(request))


def allowed(name: str, who: str) -> bool:
    """Count one try of ``who`` and say whether it stays within ``settings.RATE_LIMITS[name]``.

    A limit reads "20/h": twenty in each hour of the clock. A name without a limit, or an empty
    one, is free.
    """
    limit = settings.RATE_LIMITS.get(name, "")
    if not limit:
        return True
    most, _, unit = limit.partition("/")
    window = int(time.time()) // WINDOWS[unit]
    key = f"rate:{name}:{who}:{window}"
    cache.add(key, 0, WINDOWS[unit])
    try:
        return cache.incr(key) <= int(most)
    except ValueError:  # the window ended between the two calls
        return True


def limit_named(name: str) -> tuple[int, int] | None:
    """Return how many in how many seconds ``settings.RATE_LIMITS[name]`` allows; None: any."""
    most, _, unit = settings.RATE_LIMITS.get(name, "").partition("/")
    return (int(most), WINDOWS[unit]) if most else None


def seconds_left(limit: str) -> int:
    """Return how long the window of a limit in ``settings.RATE_LIMITS`` still lasts, at least 1."""
    window = WINDOWS[settings.RATE_LIMITS[limit].rpartition("/")[2]]
    return window - int(time.time()) % window


def sender_of(request: HttpRequest) -> str:
    """Return the network address a request comes from.

    Behind ``settings.PROXY_HOPS`` proxies of one's own, the address the outermost of them saw;
    what stands further left in X-Forwarded-For is the sender's own claim.
    """
    hops = getattr(settings, "PROXY_HOPS", 0)
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if hops and len(seen) >= hops and seen[-hops]:
        return seen[-hops]
    return str(request.META.get("REMOTE_ADDR", ""))
