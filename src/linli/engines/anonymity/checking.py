"""Checking a finished table by its texts alone, in plain loops: it trusts nothing it is told."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


@dataclass(frozen=True)
class Fault:
    """A class that must not be published: its values, and what is wrong with it."""

    values: tuple[str, ...]
    why: str  # "people" or "diversity"
    count: int


def faults(
    rows: Iterable[tuple[Sequence[str], object]],
    *,
    k: int,
    l: int = 1,  # noqa: E741 - its name in the literature
    column: int | None = None,
    says: Collection[str] = (),
    plain: Collection[str] = (),
) -> list[Fault]:
    """Return the classes with fewer than ``k`` people, or too few values beside a sensitive one.

    ``rows``: the published values of each row, and who it is about (None: unknown, counts for
    nobody). ``says``: texts of the sensitive column that give a sensitive value away; ``plain``:
    those that are plainly something else.
    """
    people: dict[tuple[str, ...], set[object]] = defaultdict(set)
    for values, person in rows:
        people[tuple(values)].update(() if person is None else (person,))
    found = [
        Fault(values, "people", len(who)) for values, who in sorted(people.items()) if len(who) < k
    ]
    if column is None or l < 2:
        return found
    beside: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for values in people:
        if values[column] in plain:
            beside[values[:column] + values[column + 1 :]].add(values[column])
    for values in sorted(people):
        others = beside[values[:column] + values[column + 1 :]]
        if values[column] in says and len(others) < l - 1:
            found.append(Fault(values, "diversity", len(others) + 1))
    return found
