"""The ways a notice travels.

Each way has one module with ``pack(notices)``: it reads all it needs from the database and
returns, for each notice, either what came of it at once (nothing to send it to) or a function
that sends it. Those functions run in threads, touch no database, and return an `Outcome`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linli.kernel.notify.models import Notice


class Came(Enum):
    """What came of trying to send a notice."""

    DELIVERED = "delivered"
    SKIPPED = "skipped"  # the person has no such way, or does not want it
    FAILED = "failed"  # may go better later
    REFUSED = "refused"  # will never go


@dataclass(frozen=True)
class Outcome:
    """What came of it, why, and what else it showed."""

    came: Came
    reason: str = ""
    retry_after: float | None = None  # seconds, where the other side asked for a pause
    gone_browsers: tuple[int, ...] = ()  # push subscriptions that exist no more
    gone_endpoint: bool = False  # the webhook's receiver said that it exists no more


DELIVERED = Outcome(Came.DELIVERED)
SKIPPED = Outcome(Came.SKIPPED)

Send = Callable[[], Outcome]
Packed = Mapping[int, Send | Outcome]
Pack = Callable[[Sequence["Notice"]], Packed]
