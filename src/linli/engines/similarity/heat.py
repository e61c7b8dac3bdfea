"""How hot a topic is: one documented formula, so that anybody can count it again.

    heat    = (voices + support) x spread
    voices  = sum over reporters of  d1 + d2/2 + d3/3 + …   a reporter's reports, newest first
    support = log2(1 + sum of likes x d)                    likes age with what they were given to
    spread  = 1 + log2(days x areas) / 10                   days with a report, areas two name
    d       = 2 ^ (-age / half-life)                        age: from the report until now

Recency is in *d*: without a new report a topic loses half its voices in each half-life. A
thousand reports of one person weigh as much as seven and a half people's; a hundred likes as much
as about seven fresh reports.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence
    from datetime import datetime, timedelta

    from linli.engines.similarity.topics import Message


@dataclass(frozen=True)
class Heat:
    """A heat and what it is made of, to be shown beside it."""

    voices: float
    support: float
    spread: float

    @property
    def total(self) -> float:
        """Return the heat, ≥ 0, to four places."""
        return round((self.voices + self.support) * self.spread, 4)


def heat_of(members: Sequence[Message], *, now: datetime, half_life: timedelta) -> Heat:
    """Return the heat of these messages at ``now``; a message from later counts as of now."""
    fresh = [_freshness(one, now, half_life) for one in members]
    told: dict[Hashable, list[float]] = {}
    for at, (one, weight) in enumerate(zip(members, fresh, strict=True)):
        who = ("", at) if one.reporter is None else (one.reporter,)
        told.setdefault(who, []).append(weight)
    voices = math.fsum(_voice(weights) for weights in told.values())
    likes = math.fsum(one.likes * weight for one, weight in zip(members, fresh, strict=True))
    days = len({one.at.date() for one in members})
    areas = max(1, len(areas_named(members)))
    return Heat(voices, math.log2(1 + likes), 1 + math.log2(days * areas) / 10)


def _freshness(message: Message, now: datetime, half_life: timedelta) -> float:
    age = max(0.0, (now - message.at) / half_life)
    return 2.0**-age


def _voice(weights: list[float]) -> float:
    newest_first = sorted(weights, reverse=True)
    return math.fsum(weight / nth for nth, weight in enumerate(newest_first, 1))


def areas_named(members: Iterable[Message]) -> list[str]:
    """Return the areas at least two reports name: one report may list the whole city."""
    times = Counter(area for one in members for area in one.areas or ())
    return [area for area, named in times.items() if named > 1]
