"""Comparing units fairly: by what their rate is at least, so that luck with few does not win.

Ranked by the lower end of Wilson's interval (see `engines.intervals`): 3 of 3 may well be the
luck of three answers, 97 of 100 is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from linli.engines.intervals import Interval
    from linli.mechanisms.casework.rates.reading import Row
    from linli.mechanisms.casework.rates.shares import Share

RATES = ("answered", "solved", "satisfied")


@dataclass(frozen=True)
class Place:
    """A row of the league: its rank by the lower end, and whether it rests on few answers."""

    rank: int
    row: Row
    share: Share
    interval: Interval
    few: bool


def ranked(rows: Sequence[Row], rate: str, few_answers: int, sort: str = "low") -> list[Place]:
    """Return those rows that have answers, ranked by the lower end of their interval.

    ``sort``: "low" (the ranking itself), "share", "whole" or "name"; the rank stays what it is.
    Equal lower ends share a rank. The row of all together takes no part.
    """
    number = RATES.index(rate)
    found = [(row, row.shares[number]) for row in rows if row.key]
    entered = [(row, share, share.interval) for row, share in found if share.interval is not None]
    entered.sort(key=lambda one: (-one[2].low, -one[1].whole, one[0].name))
    places: list[Place] = []
    for position, (row, share, interval) in enumerate(entered, start=1):
        same = bool(places) and places[-1].interval.low == interval.low
        rank = places[-1].rank if same else position
        places.append(Place(rank, row, share, interval, share.whole < few_answers))
    return sorted(places, key=_ORDERS.get(sort, _ORDERS["low"]))


_ORDERS: dict[str, Callable[[Place], tuple[object, ...]]] = {
    "low": lambda place: (place.rank,),
    "share": lambda place: (-place.interval.share, place.rank),
    "whole": lambda place: (-place.share.whole, place.rank),
    "name": lambda place: (place.row.name, place.rank),
}
SORTS = tuple(_ORDERS)
