"""Which statement to ask next."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .opinionmap import OpinionMap

NEW = 8  # how many times more a statement nobody voted on is asked
FADES = 5  # votes after which that is halved


def priorities(opinions: OpinionMap) -> NDArray[np.float64]:
    """Return how much each statement deserves to be asked; 0 for those moderated out.

    As in Polis: (p(agree) × (1 - p(pass)) × (1 + extremity) × (1 + 8 × 2^(-votes ÷ 5)))², over
    the votes of people in groups: few votes, few passes and a say in the map raise it.
    """
    tally = opinions.statistics.grouped
    passing = (tally.passed + 1) / (tally.seen + 2)
    telling = tally.p_agree * (1 - passing) * (1 + opinions.extremity)
    priority: NDArray[np.float64] = (telling * (1 + NEW * 2.0 ** (-tally.seen / FADES))) ** 2
    return np.where(opinions.closed, 0.0, priority)


def next_statements(opinions: OpinionMap, person: Any, many: int = 1) -> list[Any]:
    """Return statements to ask this person next, none that they voted on or that is closed.

    Drawn with chances in proportion to priority, so that different people are asked different
    ones, but the same for the same votes and seed. A person who never voted may be asked all.
    """
    weights = priorities(opinions)
    row = np.flatnonzero(opinions.people == person)
    if len(row):
        table = opinions.votes.table
        begin, end = table.indptr[row[0]], table.indptr[row[0] + 1]
        weights[table.indices[begin:end]] = 0.0
    left = np.flatnonzero(weights > 0)
    chance = np.random.default_rng(_seed(opinions.seed, person, len(opinions.votes)))
    # Efraimidis, Spirakis 2006: the largest of u^(1 ÷ weight) are a weighted draw.
    drawn = np.log(chance.random(len(left))) / weights[left]
    return opinions.statements[left[np.argsort(-drawn, kind="stable")][:many]].tolist()


def _seed(seed: int, person: Any, votes: int) -> list[int]:
    return [seed, votes, *str(person).encode()]
