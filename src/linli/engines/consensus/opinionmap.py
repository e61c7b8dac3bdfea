"""The opinion map itself: fitted to votes, kept up with new ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .grouping import Division, divide
from .keeping import number_by_size, number_like, turn_like
from .projecting import KEPT, Projection, project, spread_of_places
from .statistics import Statistics, statistics
from .votes import Keys, Votes

LEAST = 7  # votes from which a person belongs to a group, or all statements if they are fewer
FEW = 15  # people: below that, those with most votes are taken in whatever they cast


@dataclass(frozen=True, eq=False)
class OpinionMap:
    """Places and groups of the people who voted.

    `places` is people × 2; `groups` holds each person's group, -1 for who has none. Both are in
    the order of `people`. `closed` tells, in the order of `statements`, which of them are
    moderated out.
    """

    votes: Votes
    moderated_out: frozenset[Any]
    closed: NDArray[np.bool_]
    places: NDArray[np.float64]
    groups: NDArray[np.int64]
    division: Division
    projection: Projection
    seed: int
    least: int
    unused: int  # the first number no group ever had

    @classmethod
    def fit(
        cls, votes: Votes, *, moderated_out: Iterable[Any] = (), least: int = LEAST, seed: int = 0
    ) -> OpinionMap:
        """Return the map of these votes; the same for the same votes and seed.

        `moderated_out`: keys of statements that count as if everybody had passed on them;
        `least`: votes from which a person belongs to a group.
        """
        moderated = frozenset(np.asarray(list(moderated_out)).tolist())
        closed = _closed(votes, moderated)
        space = project(votes, closed)
        division, labels = _grouped(votes, space, least, seed)
        places = space.places[:, :2].copy()
        groups = number_by_size(labels, places)
        unused = int(groups.max(initial=-1)) + 1
        return cls(votes, moderated, closed, places, groups, division, space, seed, least, unused)

    def update(self, batch: Votes, *, moderated_out: Iterable[Any] = ()) -> OpinionMap:
        """Return the map after these further votes, which replace earlier ones.

        Groups keep the number of the group most of their people were in, and the map its
        orientation. `moderated_out`: statements closed since.
        """
        votes = self.votes.joined(batch)
        moderated = self.moderated_out | frozenset(np.asarray(list(moderated_out)).tolist())
        closed = _closed(votes, moderated)
        before = np.zeros((len(votes.statements), KEPT))
        before[: len(self.closed)] = self.projection.components
        space = project(votes, closed, before)
        known = np.full(len(votes.people), -1, np.int64)
        known[: len(self.groups)] = self.groups
        division, labels = _grouped(votes, space, self.least, self.seed, (self.division, known))
        groups, unused = number_like(labels, self.groups, self.unused)
        turn = turn_like(space.places[: len(self.places)], self.places)
        places = space.places[:, :2] @ turn
        return OpinionMap(votes, moderated, closed, places, groups, division, space, self.seed,
                          self.least, unused)  # fmt: skip

    @property
    def people(self) -> Keys:
        """Return the keys of those who voted."""
        return self.votes.people

    @property
    def statements(self) -> Keys:
        """Return the keys of the statements voted on."""
        return self.votes.statements

    @cached_property
    def statistics(self) -> Statistics:
        """Return what each group and everybody said to each statement."""
        return statistics(self.votes, self.groups)

    @cached_property
    def uncertainty(self) -> NDArray[np.float64]:
        """Return the standard error of each person's place, as a radius on the map."""
        return spread_of_places(self.projection, self.votes, self.closed)

    @property
    def extremity(self) -> NDArray[np.float64]:
        """Return how far from the middle agreeing with that statement alone would put a person."""
        reach = np.linalg.norm(self.projection.components[:, :2], axis=1)
        away: NDArray[np.float64] = np.abs(1 - self.projection.means) * reach
        return away * np.sqrt(len(self.statements))


def _closed(votes: Votes, moderated_out: frozenset[Any]) -> NDArray[np.bool_]:
    """Return which of the statements voted on were moderated out."""
    return np.array([key in moderated_out for key in votes.statements.tolist()], dtype=bool)


def _grouped(
    votes: Votes,
    space: Projection,
    least: int,
    seed: int,
    before: tuple[Division, NDArray[np.int64]] | None = None,
) -> tuple[Division, NDArray[np.int64]]:
    """Return the division of those who cast enough votes, and a label for everybody or -1.

    A place known from few votes weighs less in drawing the line: as its votes to the median, whose
    inverse the variance of a place goes by.
    """
    labels = np.full(len(votes.people), -1, np.int64)
    taken = _taken_in(votes.cast, min(least, len(votes.statements)))
    if not taken.any():
        return Division(np.zeros((0, 2)), 0.0, 0.0), labels
    cast = votes.cast[taken]
    weights = np.minimum(cast / np.median(cast), 1.0)
    kept = (before[0], before[1][taken]) if before else None
    division, labels[taken] = divide(space.places[taken], weights, seed=seed, before=kept)
    return division, labels


def _taken_in(cast: NDArray[np.int64], least: int) -> NDArray[np.bool_]:
    """Return who belongs to a group: enough votes, or, of a few people, among the most."""
    enough = cast >= max(least, 1)
    if int(enough.sum()) >= FEW or enough.all():
        return enough
    most = np.sort(cast)[::-1][: min(FEW, len(cast))]
    taken: NDArray[np.bool_] = cast >= max(int(most[-1]), 1)
    return taken
