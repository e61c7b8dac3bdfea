"""What each group said to each statement, and how that differs from what the others said.

The tests are those of Polis (Small et al. 2021, part 2.3), with one vote of each kind added, so
that everything stays finite where nobody voted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from .votes import Votes

BLOCK = 100_000  # people counted at a time

Array = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Tally:
    """Votes agreeing, disagreeing, and all (passes with them); any shape, all three the same."""

    agree: Counts
    disagree: Counts
    seen: Counts

    @property
    def passed(self) -> Counts:
        """Return the passes."""
        return self.seen - self.agree - self.disagree

    @property
    def p_agree(self) -> Array:
        """Return the probability of agreement, (agree + 1) ÷ (seen + 2)."""
        return (self.agree + 1) / (self.seen + 2)

    @property
    def p_disagree(self) -> Array:
        """Return the probability of disagreement, (disagree + 1) ÷ (seen + 2)."""
        return (self.disagree + 1) / (self.seen + 2)

    @property
    def z_agree(self) -> Array:
        """Return how surely more than half agree, as a z score."""
        return one_share(self.agree, self.seen)

    @property
    def z_disagree(self) -> Array:
        """Return how surely more than half disagree, as a z score."""
        return one_share(self.disagree, self.seen)


@dataclass(frozen=True, eq=False)
class Statistics:
    """Tallies of the groups (groups × statements), of everybody, and of those in any group.

    `groups` holds the groups' numbers, `sizes` their people, in the order of the rows.
    """

    groups: Counts
    sizes: Counts
    within: Tally
    everybody: Tally
    grouped: Tally

    @cached_property
    def others(self) -> Tally:
        """Return, for each group, the tally of all other groups."""
        return Tally(
            self.grouped.agree - self.within.agree,
            self.grouped.disagree - self.within.disagree,
            self.grouped.seen - self.within.seen,
        )

    @property
    def lift_agree(self) -> Array:
        """Return how many times likelier the group agrees than the others."""
        return self.within.p_agree / self.others.p_agree

    @property
    def lift_disagree(self) -> Array:
        """Return how many times likelier the group disagrees than the others."""
        return self.within.p_disagree / self.others.p_disagree

    @property
    def z_lift_agree(self) -> Array:
        """Return how surely the group agrees more than the others, as a z score."""
        ours, theirs = self.within, self.others
        return two_shares(ours.agree, theirs.agree, ours.seen, theirs.seen)

    @property
    def z_lift_disagree(self) -> Array:
        """Return how surely the group disagrees more than the others, as a z score."""
        ours, theirs = self.within, self.others
        return two_shares(ours.disagree, theirs.disagree, ours.seen, theirs.seen)

    @property
    def consensus_agree(self) -> Array:
        """Return the group-informed consensus: the product of the groups' `p_agree`."""
        return self.within.p_agree.prod(axis=0)

    @property
    def consensus_disagree(self) -> Array:
        """Return the product of the groups' `p_disagree`."""
        return self.within.p_disagree.prod(axis=0)

    @property
    def division(self) -> Array:
        """Return how surely one group agrees while another disagrees, 0 to 1.

        The largest, over pairs of groups g and h, of the lower ends of Wilson's intervals (90 %,
        one-sided) of the share of g that agrees and of h that disagrees, multiplied; 0 where there
        is one group or none.
        """
        agree = wilson_low(self.within.agree, self.within.seen)
        disagree = wilson_low(self.within.disagree, self.within.seen)
        most = np.zeros(agree.shape[1])
        for one in range(len(self.groups)):
            for other in range(len(self.groups)):
                if one != other:
                    most = np.maximum(most, agree[one] * disagree[other])
        return most


def statistics(votes: Votes, groups: Counts) -> Statistics:
    """Return the statistics of the votes with these groups (of each person; -1 for none)."""
    numbers, place = np.unique(groups, return_inverse=True)
    counted = _tally(votes, place, len(numbers))
    inside = numbers >= 0
    everybody = Tally(*(one.sum(axis=0) for one in counted))
    within = Tally(*(one[inside] for one in counted))
    grouped = Tally(*(one[inside].sum(axis=0) for one in counted))
    sizes = np.bincount(place, minlength=len(numbers))[inside]
    return Statistics(numbers[inside], sizes, within, everybody, grouped)


def _tally(votes: Votes, place: Counts, groups: int) -> tuple[Counts, Counts, Counts]:
    """Return agreeing, disagreeing and all votes, groups × statements."""
    statements = len(votes.statements)
    counts = np.zeros((3, groups * statements), np.int64)
    table = votes.table
    for first in range(0, len(votes.people), BLOCK):
        rows = slice(first, min(first + BLOCK, len(votes.people)))
        begin, end = table.indptr[rows.start], table.indptr[rows.stop]
        group = np.repeat(place[rows], np.diff(table.indptr[rows.start : rows.stop + 1]))
        cell = group * statements + table.indices[begin:end]
        said = table.data[begin:end]
        counts[0] += np.bincount(cell[said > 0], minlength=counts.shape[1])
        counts[1] += np.bincount(cell[said < 0], minlength=counts.shape[1])
        counts[2] += np.bincount(cell, minlength=counts.shape[1])
    agree, disagree, seen = counts.reshape(3, groups, statements)
    return agree, disagree, seen


def one_share(part: Counts, whole: Counts) -> Array:
    """Return the z score of a share being more than a half."""
    tried = whole + 1
    scores: Array = 2 * np.sqrt(tried) * ((part + 1) / tried - 0.5)
    return scores


def two_shares(part: Counts, other_part: Counts, whole: Counts, other_whole: Counts) -> Array:
    """Return the z score of the first share being greater than the second."""
    tried, other_tried = whole + 1, other_whole + 1
    first, second = (part + 1) / tried, (other_part + 1) / other_tried
    pooled = (part + other_part + 2) / (tried + other_tried)
    variance = pooled * (1 - pooled) * (1 / tried + 1 / other_tried)
    return np.divide(
        first - second, np.sqrt(np.maximum(variance, 0)), out=np.zeros(first.shape),
        where=variance > 0,
    )  # fmt: skip


def wilson_low(part: Counts, whole: Counts, confidence: float = 0.9) -> Array:
    """Return what each share is at least, at this one-sided confidence; 0 where nothing was seen.

    The lower end of Wilson's interval, as `linli.engines.intervals.wilson` has it, for arrays.
    """
    z = NormalDist().inv_cdf(confidence)
    tried = np.maximum(whole, 1)
    share, square = part / tried, z * z
    middle = share + square / (2 * tried)
    half = z * np.sqrt(share * (1 - share) / tried + square / (4 * tried * tried))
    low: Array = np.where(whole > 0, (middle - half) / (1 + square / tried), 0.0)
    return np.clip(low, 0.0, 1.0)
