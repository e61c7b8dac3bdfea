"""Hot topics: what many messages of different people are about, the hottest first.

Words bring messages together (`wording`, `clustering`), people make a topic hot (`heat`), and the
most central message lends it its name (`naming`). Nothing is learned or kept between calls, and
the order in which messages are given changes nothing.

>>> from datetime import datetime, timedelta, UTC
>>> now = datetime(2026, 11, 24, tzinfo=UTC)
>>> said = [Message(n, "幸福路搅拌站夜间扰民", "灰尘噪音，睡不着", now, f"p{n}") for n in range(3)]
>>> [(topic.name, topic.reporters) for topic in hot_topics(said, now=now)]
[('幸福路搅拌站夜间扰民', 3)]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from linli.engines.similarity.clustering import group
from linli.engines.similarity.heat import Heat, heat_of
from linli.engines.similarity.naming import common_areas, common_places, name_of
from linli.engines.similarity.wording import numbered, weigh

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

HALF_LIFE = timedelta(days=30)
FEWEST = 2  # reports: one alone is a matter, not a topic


@dataclass(frozen=True)
class Message:
    """What somebody said. ``at``: aware. ``reporter``: only counted; ``None`` is somebody else.

    ``areas``: the areas it is known to concern, ``None`` or empty where not known; it never shares
    a topic with messages of other areas. ``places``: words for the place, only shown.
    """

    key: Any
    title: str
    text: str
    at: datetime
    reporter: Hashable = None
    likes: int = 0
    areas: frozenset[str] | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Topic:
    """Messages of one trouble. ``members``: their keys, the most central first.

    ``areas`` and ``places``: most named first. ``reporters``: how many different people.
    """

    name: str
    members: tuple[Any, ...]
    areas: tuple[str, ...]
    places: tuple[str, ...]
    first: datetime
    last: datetime
    reporters: int
    likes: int
    heat: Heat

    @property
    def reports(self) -> int:
        """Return how many messages it has."""
        return len(self.members)


def hot_topics(
    messages: Iterable[Message],
    *,
    now: datetime,
    half_life: timedelta = HALF_LIFE,
    fewest: int = FEWEST,
    most: int | None = None,
) -> list[Topic]:
    """Return the topics of at least ``fewest`` reports, the hottest first, ``most`` at most.

    Fifty thousand messages are meant to be given at once, such as a year of a town; see
    ``bench/topics.py`` for seconds and memory.

    Raises:
        ValueError: two messages have one key, a time has no zone, likes are negative, or
            ``half_life`` is not positive.
    """
    said = sorted(messages, key=lambda one: (str(one.key), one.at.isoformat()))
    _check(said, now, half_life)
    if not said:
        return []
    topics = [
        _topic(members, now, half_life) for members in _grouped(said) if len(members) >= fewest
    ]
    topics.sort(key=lambda topic: (-topic.heat.total, -topic.reports, str(topic.members[0])))
    return topics[:most]


def _check(said: Sequence[Message], now: datetime, half_life: timedelta) -> None:
    if half_life <= timedelta(0):
        raise ValueError("half_life must be positive")
    if any(at.utcoffset() is None for at in (now, *(one.at for one in said))):
        raise ValueError("times must have a zone")
    if any(one.likes < 0 for one in said):
        raise ValueError("likes must not be negative")
    if len({one.key for one in said}) < len(said):
        raise ValueError("two messages have one key")


def _grouped(said: Sequence[Message]) -> list[list[Message]]:
    """Return the messages of each topic, the most central of each first."""
    writers = numbered(one.reporter for one in said)
    titles = weigh([one.title or one.text for one in said], writers)
    texts = weigh([one.text or one.title for one in said], writers)
    groups = group(titles, texts, [one.areas or None for one in said])
    both = sparse.hstack([titles, texts], format="csr")
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order])) + 1
    return [
        [said[row] for row in _most_central_first(rows, both)] for rows in np.split(order, starts)
    ]


def _most_central_first(rows: NDArray[np.intp], both: Any) -> NDArray[np.intp]:
    """Return the rows in the order of their likeness to all of them. ``both``: a CSR matrix."""
    if len(rows) < 3:
        return rows
    own = both[rows]
    used, columns = np.unique(own.indices, return_inverse=True)
    own = sparse.csr_matrix((own.data, columns, own.indptr), shape=(len(rows), len(used)))
    alike = np.asarray((own @ own.T).sum(axis=1)).ravel().round(5)
    return rows[np.lexsort((rows, -alike))]


def _topic(members: Sequence[Message], now: datetime, half_life: timedelta) -> Topic:
    named = {one.reporter for one in members if one.reporter is not None}
    return Topic(
        name=name_of(members),
        members=tuple(one.key for one in members),
        areas=common_areas(members),
        places=common_places(members),
        first=min(one.at for one in members),
        last=max(one.at for one in members),
        reporters=len(named) + sum(one.reporter is None for one in members),
        likes=sum(one.likes for one in members),
        heat=heat_of(members, now=now, half_life=half_life),
    )
