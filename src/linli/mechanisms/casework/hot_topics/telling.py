"""Who wants to know that topics were counted: rooms beside this one, such as 每月一题."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from linli.kernel.organisations.models import Community

Listener = Callable[["Community", "date"], int]
_listeners: dict[str, Listener] = {}


def when_counted(listener: Listener) -> Listener:
    """Have a function called with community and day after each count; once each."""
    _listeners[listener.__qualname__] = listener
    return listener


def counted(community: Community, day: date) -> None:
    """Call everyone who wants to know."""
    for listener in _listeners.values():
        listener(community, day)
