"""Requests as columns of numbers, and the roll-ups the kernel would keep of them.

A story is one request from the report to the rating: a day of each step (`NEVER` where it did not
come so far), where it belongs, and what was measured. `moves` says what each adds to which figure;
`summaries` adds them up on every level. Both are held to what the kernel keeps of real requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from linli.engines.quantiles import BANDS, band_of
from linli.kernel.indicators.summaries import LEVELS, levels_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    Numbers = np.ndarray[Any, np.dtype[np.int64]]

NEVER = 1 << 30
STEPS = ("reported", "triaged", "dispatched", "replied", "solved", "rated")
STAGES = ("received", "received", "dispatched", "in_hand", "solved")


@dataclass
class Stories:
    """Columns of equal length; days count from ``first``, keys from 1 (0 is none).

    ``days``: one column a step. ``kept``: the answer was in time.
    """

    first: date
    days: list[Numbers]
    unit: Numbers
    area: Numbers
    category: Numbers
    kept: Numbers
    reply: Numbers  # band of the minutes until the answer
    solve: Numbers
    solved: Numbers
    satisfaction: Numbers

    @property
    def months(self) -> list[date]:
        """The first days of all months there are, in order."""
        last = self.first + timedelta(days=int(max(d[d < NEVER].max(initial=0) for d in self.days)))
        found = [self.first.replace(day=1)]
        while (following := (found[-1] + timedelta(days=31)).replace(day=1)) <= last:
            found.append(following)
        return found


def drawn(many: int, first: date, days: int, keys: tuple[int, int, int], seed: int = 1) -> Stories:
    """Draw stories of some days up to the last; ``keys``: how many units, areas, categories."""
    r = np.random.default_rng(seed)
    units, areas, categories = keys
    began = np.sort(r.integers(0, days, many))
    category = _zipf(r, categories, many)
    # A trouble is mostly its own unit's; one in ten is sent to another.
    unit = np.where(r.random(many) < 0.9, (category * 7) % units, r.integers(0, units, many)) + 1
    columns, at, going = [began], began, np.ones(many, bool)
    for most, share in ((2, 0.99), (2, 0.98), (8, 0.97), (25, 0.95), (6, 0.75)):
        at = at + r.integers(0, most, many)
        going = going & (r.random(many) < share) & (at < days)
        columns.append(np.where(going, at, NEVER))
    minutes = [r.lognormal(mean, 1.0, many).astype(int) for mean in (5.5, 7.5)]
    bands = np.array([band_of(value) for value in range(20_000)])
    reply, solve = (bands[np.minimum(one, len(bands) - 1)] for one in minutes)
    return Stories(
        first, columns, unit, _zipf(r, areas, many) + 1, category + 1,
        (r.random(many) < 0.9).astype(int), reply, solve,
        (r.random(many) < 0.85).astype(int), r.choice(5, many, p=(0.05, 0.1, 0.2, 0.35, 0.3)) + 1,
    )  # fmt: skip


def _zipf(r: np.random.Generator, many: int, size: int) -> Numbers:
    weights = 1 / np.arange(1, many + 1) ** 0.7
    return r.choice(many, size, p=weights / weights.sum())


Move = tuple[str, "Numbers", "Numbers", "Numbers", "Numbers", int]


def moves(s: Stories, desk: int) -> Iterator[Move]:
    """Yield figure, days, units, areas, categories and what each adds; ``desk``: its key."""
    everyone = np.arange(len(s.unit))
    at_desk = np.full(len(s.unit), desk)
    nowhere = np.zeros(len(s.unit), int)

    def of(name: str, step: int, which: Any, value: int = 1, *, day: Any = None) -> Move:
        rows = everyone[which & (s.days[step] < NEVER)]
        unit = at_desk if step < 2 else s.unit
        where = (nowhere, nowhere) if step == 0 else (s.area, s.category)
        days = s.days[step if day is None else day][rows]
        return name, days, unit[rows], where[0][rows], where[1][rows], value

    yes = np.ones(len(s.unit), bool)
    yield of("casework.reported", 0, yes)
    yield of("casework.sent_to_unit", 2, yes)
    yield of("casework.answered", 3, yes)
    yield of("casework.answered_in_time", 3, s.kept == 1)
    yield of("casework.answer_missed", 3, s.kept == 0)
    yield of("casework.solved_reported", 4, yes)
    for name in ("rated", "contacted_yes"):
        yield of(f"casework.{name}", 5, yes)
    yield of("casework.solved_yes", 5, s.solved == 1)
    yield of("casework.satisfied_yes", 5, s.satisfaction >= 3)
    for answer in range(1, 6):
        yield of(f"casework.satisfaction_{answer}", 5, s.satisfaction == answer)
    yield from _standings(s, of, yes)


def _standings(s: Stories, of: Any, yes: Any) -> Iterator[Move]:
    closed = s.solved == 1
    for step in range(6):
        later = s.days[step + 1] < NEVER if step < 5 else ~yes
        stays = ~closed if step == 5 else yes
        yield of("casework.open:open", step, stays)
        if step < 5:
            # What follows takes it away again, on its own day.
            name, days, *rest, value = of("casework.open:open", step, later, day=step + 1)
            yield (name, days, *rest, -value)  # type: ignore[misc]
        if step < 5:
            reached = f"{step}:{STAGES[step]}"
            yield of(f"casework.funnel:{reached}", step, ~later, day=0)
    for satisfied, number in ((s.satisfaction >= 3, 6), (s.satisfaction < 3, 5)):
        for ended, stage in ((closed, "closed"), (~closed, "in_hand")):
            yield of(f"casework.funnel:{number}:{stage}", 5, satisfied & ended, day=0)


Summed = tuple[str, str, "Numbers", "Numbers"]


class Cube:
    """Adds moves up on every level; keys of one level are one number each."""

    def __init__(self, s: Stories, keys: tuple[int, int, int]) -> None:
        self.s = s
        self.many = tuple(one + 1 for one in keys)  # organisations, areas, categories; 0 is none
        days = int(max(d[d < NEVER].max(initial=0) for d in s.days)) + 1
        self.months = s.months
        firsts = [(month - s.first).days for month in self.months]
        self.month_of = np.searchsorted(firsts, np.arange(days), side="right") - 1
        self.days = days

    def shape(self, level: str) -> tuple[int, int, int, int]:
        """Return how many steps, organisations, categories and areas a level keeps apart."""
        grain, axes, organisations = *level.split(":"), self.many[0]
        steps = self.days if grain == "day" else len(self.months)
        return (
            steps, organisations if "o" in axes else 1, self.many[2] if "c" in axes else 1,
            self.many[1] if "a" in axes else 1,
        )  # fmt: skip

    def summaries(self, desk: int) -> Iterator[Summed]:
        """Yield level, figure, keys (ravelled as `shape`) and values, without noughts."""
        grouped: dict[str, list[Move]] = {}
        for move in moves(self.s, desk):
            grouped.setdefault(move[0], []).append(move)
        for level in LEVELS:
            for name in sorted(grouped):
                yield from self._nonzero(level.name, name, grouped[name])
            if level in levels_of("casework.reply_time:0"):
                yield from self._bands(level.name)

    def _nonzero(self, level: str, name: str, group: list[Move]) -> Iterator[Summed]:
        shape = self.shape(level)
        sums = np.zeros(int(np.prod(shape)), np.int64)
        for _name, days, unit, area, category, value in group:
            found = np.bincount(self._keys(level, days, unit, area, category), minlength=len(sums))
            sums += value * found
        keys = np.flatnonzero(sums)
        yield level, name, keys, sums[keys]

    def _bands(self, level: str) -> Iterator[Summed]:
        s = self.s
        for name, step, bands in (("reply_time", 3, s.reply), ("solve_time", 4, s.solve)):
            rows = np.flatnonzero(s.days[step] < NEVER)
            keys = self._keys(level, s.days[step][rows], s.unit[rows], s.area[rows],
                              s.category[rows])  # fmt: skip
            size = int(np.prod(self.shape(level)))
            sums = np.bincount(bands[rows] * size + keys, minlength=BANDS * size)
            for band in range(BANDS):
                part = sums[band * size : (band + 1) * size]
                found = np.flatnonzero(part)
                if len(found):
                    yield level, f"casework.{name}:{band}", found, part[found]

    def _keys(self, level: str, days: Any, unit: Any, area: Any, category: Any) -> Numbers:
        _steps, units, categories, areas = self.shape(level)
        step = days if level.startswith("day") else self.month_of[days]
        key = step * units + (unit if units > 1 else 0)
        key = key * categories + (category if categories > 1 else 0)
        result: Numbers = key * areas + (area if areas > 1 else 0)
        return result

    def rows(self, level: str, keys: Numbers) -> Iterator[tuple[date, int, int, int]]:
        """Return what ravelled keys of a level stand for: day, organisation, category, area."""
        first = self.s.first
        steps, units, categories, areas = np.unravel_index(keys, self.shape(level))
        days = [first + timedelta(days=one) for one in range(self.days)]
        moments = days if level.startswith("day") else self.months
        for step, *rest in zip(
            steps.tolist(), units.tolist(), categories.tolist(), areas.tolist(), strict=True
        ):
            yield (moments[step], *rest)
