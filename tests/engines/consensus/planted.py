"""Votes of people of planted groups."""

from __future__ import annotations

import numpy as np

from linli.engines.consensus import Votes


def planted(
    people: int = 200, statements: int = 40, groups: int = 4, seen: float = 0.5,
    astray: float = 0.1, seed: int = 0,
):  # fmt: skip
    """Return a table of votes, NaN where unseen, and the group of each person.

    `seen`: share of statements each saw; `astray`: share of votes against the own group's answer.
    """
    chance = np.random.default_rng(seed)
    answers = chance.choice([-1.0, 1.0], (groups, statements))
    group = np.arange(people) % groups
    table = answers[group] * np.where(chance.random((people, statements)) < astray, -1, 1)
    table[chance.random(table.shape) < 0.1] = 0
    table[chance.random(table.shape) > seen] = np.nan
    return table, group


def votes_in(table, where=None) -> Votes:
    """Return the votes of the table, or those of them at the True of `where`."""
    rows, columns = np.nonzero(~np.isnan(table) if where is None else ~np.isnan(table) & where)
    return Votes.of(rows, columns, table[rows, columns].astype(np.int8))


def same_division(one, other) -> bool:
    """Whether two labellings put the same people together."""
    pairs = set(zip(one.tolist(), other.tolist(), strict=True))
    return len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
