"""The periodic work: what, and how often."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from linli.kernel.background.purging import purge, revive_tasks
from linli.kernel.deadlines.tasks import find_overdue
from linli.kernel.indicators.folding import fold_pending

log = logging.getLogger(__name__)


@dataclass
class Chore:
    """Work that returns how much it found to do; more is looked for at once, else after a rest."""

    name: str
    rest: float  # seconds
    work: Callable[[], int]
    next_at: float = field(default=0.0)

    def run(self) -> int:
        """Do it once; a failure is logged and tried again after the rest."""
        try:
            done = self.work()
        except Exception:
            log.exception("%s failed", self.name)
            done = 0
        self.next_at = time.monotonic() + (0 if done else self.rest)
        return done


_more: dict[str, tuple[float, Callable[[], int]]] = {}


def also_do(name: str, rest: float, work: Callable[[], int]) -> None:
    """Let another room add periodic work; see `Chore`. It must be quick: others wait for it."""
    _more[name] = (rest, work)


def chores() -> list[Chore]:
    """Return all periodic work. Each is safe in several workers at once."""
    more = [Chore(name, rest, work) for name, (rest, work) in _more.items()]
    return [
        Chore("folding events into figures", 1.0, fold_pending),
        Chore("finding overdue clocks", 5.0, find_overdue),
        Chore("reviving tasks", 300.0, revive_tasks),
        Chore("removing what is no longer needed", 3600.0, purge),
        *more,
    ]


def do_due(all_chores: list[Chore]) -> int:
    """Do every chore whose rest is over; return how much was done."""
    now = time.monotonic()
    return sum(chore.run() for chore in all_chores if chore.next_at <= now)
