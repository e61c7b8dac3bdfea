"""Letting all matters of a demo neighbourhood live, in order of time, until now."""

from __future__ import annotations

import heapq
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

from linli.kernel.deadlines.tasks import find_climbing, find_overdue
from linli.surfaces.cli.demo.cases import cases
from linli.surfaces.cli.demo.deck import Deck
from linli.surfaces.cli.demo.fates import fates
from linli.surfaces.cli.demo.life import Living
from linli.surfaces.cli.demo.supervision import supervise
from linli.surfaces.cli.demo.topics import topics
from linli.surfaces.cli.demo.whistles import whistles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from linli.surfaces.cli.demo.world import World

# Whose duty it is takes days to settle: what came in then lies with the supervisor now.
QUARRELS = (timedelta(days=4), timedelta(days=4, hours=12))
LOOK_FOR_OVERDUE = timedelta(hours=2)


def play(world: World, tell: Callable[[int, int], None]) -> None:
    """Act every act that lies before now; ``tell`` is told how many matters have begun, of all."""
    told = cases(world)
    fate = Deck(fates(), world.settings.random)
    open_ones: dict[int, Living] = {}
    waiting: list[tuple[datetime, int, Iterator[datetime]]] = []
    for number, case in enumerate(told):
        quarrel = QUARRELS[0] < world.now - case.at < QUARRELS[1]
        life = Living(world, case, "ping_pong" if quarrel else fate.deal(), open_ones).live()
        waiting.append((next(life), number, life))
    numbers = count(len(told))
    waiting += [(next(life), next(numbers), life) for life in whistles(world)]
    waiting += [(next(life), next(numbers), life) for life in topics(world)]
    heapq.heapify(waiting)
    look, begun = world.begins, -1
    while waiting and waiting[0][0] <= world.now:
        at, number, life = heapq.heappop(waiting)
        if at >= look:
            find_overdue(at)
            find_climbing(at)
            look = at + LOOK_FOR_OVERDUE
        if begun < number < len(told):
            begun = number
            tell(begun + 1, len(told))
        following = next(life, None)
        if following is not None:
            heapq.heappush(waiting, (following, number, life))
        while world.newborn:
            born = world.newborn.pop()
            heapq.heappush(waiting, (next(born), next(numbers), born))
    find_overdue(world.now)
    find_climbing(world.now)
    supervise(world)
