"""Who wants to know of an event in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linli.kernel.events.models import Event

Handler = Callable[["Event"], None]
_handlers: dict[str, list[Handler]] = defaultdict(list)


def subscribe(kind: str) -> Callable[[Handler], Handler]:
    """Call the function after each event of ``kind`` ("casework.closed", or "*" for all).

    It runs inside the transaction of the event: a failure undoes the action.
    """

    def register(handler: Handler) -> Handler:
        if handler not in _handlers[kind]:
            _handlers[kind].append(handler)
        return handler

    return register


def publish(event: Event) -> None:
    """Hand an event to its subscribers."""
    for handler in (*_handlers[event.kind], *_handlers["*"]):
        handler(event)
