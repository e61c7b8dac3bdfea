"""Groups of opinion: weighted k-means, and how many groups there are.

The number of groups is 2 to 5, by the silhouette (Rousseeuw 1987) in its form for k-means, with
the distance to the nearest other centre in the place of the mean distance to its members (Hruschka
et al. 2004): linear in people, and the same when everybody is counted twice. A cloud without any
groups has a silhouette too, and a greater one for four groups than for two; what counts is how far
a division exceeds the same division of a cloud of normal distribution with the same axes, as in
the gap statistic (Tibshirani, Walther, Hastie 2001). More than two groups are found only where
they exceed it by 0.05 + 0.3 ÷ √people more than two do: what chance makes, three times over.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

FEWEST, MOST = 2, 5
MARGIN, OF_CHANCE = 0.05, 0.3  # how much better than two: the first, and the second ÷ √places
SLACK = 0.02  # within which two divisions are equally good
HELD = 0.005  # by which k-means must be better for people to change groups after a few votes
LOOKED_AT = 2_000  # people the number of groups is chosen on, spread evenly over the map
STARTS = 4  # random starts of k-means, besides two that are not random
STEPS, LAST_STEPS = 60, 20
MANY = 50_000  # people of whom one may still change groups when k-means is called settled
CLOUD, ALL_CLOUDS = 1_000, 2_000  # points of one cloud without groups, and of all, at most

ASLANT = np.array([1.0, 0.0137])  # the order of places: from left to right, ties by height

Points = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Division:
    """A division into groups: centres (groups × dimensions) and how good it is."""

    centres: Points
    silhouette: float
    expected: float  # the silhouette of a cloud without groups, divided likewise
    places: int = 0  # different places it was found on

    @property
    def excess(self) -> float:
        """Return by how much the silhouette exceeds that of a cloud without groups."""
        return self.silhouette - self.expected

    @property
    def corrected(self) -> float:
        """Return the excess as a share of the greatest there could be."""
        return self.excess / (1 - self.expected)

    @property
    def groups(self) -> int:
        """Return the number of groups."""
        return len(self.centres)

    @property
    def dimensions(self) -> int:
        """Return in how many dimensions they were found."""
        return int(self.centres.shape[1])


def divide(
    points: Points, weights: Points, *, seed: int = 0, before: tuple[Division, Labels] | None = None
) -> tuple[Division, Labels]:
    """Return the division of these people (points: people × dimensions), and the group of each.

    `before`: an earlier division and these people's groups in it, -1 for none; it is kept to
    unless another is clearly better.
    """
    few, few_weights = _look_at(points, weights)
    if len(np.unique(few[:, :2], axis=0)) < FEWEST:
        one = Division(np.average(points, axis=0, weights=weights)[None, :2], 0.0, 0.0)
        return one, np.zeros(len(points), np.int64)
    best = choose(candidates(few, few_weights, seed=seed), before[0] if before else None)
    seen, start = points[:, : best.dimensions], best.centres
    if before and (before[0].groups, before[0].dimensions) == (best.groups, best.dimensions):
        old = _middles(seen, weights, before[1], best.groups)
        start = _kept_to(few[:, : best.dimensions], few_weights, old, start)
    centres, labels = settle(seen, weights, start, LAST_STEPS)
    return Division(centres, best.silhouette, best.expected, best.places), labels


def _middles(points: Points, weights: Points, labels: Labels, groups: int) -> Points:
    """Return the mean place of each group there is, of at most so many."""
    numbers, place = np.unique(labels, return_inverse=True)
    inside = np.flatnonzero(numbers >= 0)[:groups]
    mass = np.bincount(place, weights)[inside]
    sums = [np.bincount(place, weights * column)[inside] for column in points.T]
    return np.stack(sums, axis=1) / mass[:, None]


def _kept_to(few: Points, weights: Points, old: Points, new: Points) -> Points:
    """Return the old centres to start from unless the new ones are clearly better."""
    if len(old) != len(new):
        return new
    kept = settle(few, weights, old, STEPS)
    fresh = settle(few, weights, new, STEPS)
    better = _off(few, weights, *fresh) * (1 + HELD) < _off(few, weights, *kept)
    return new if better or len(kept[0]) < len(fresh[0]) else old


def _off(points: Points, weights: Points, centres: Points, labels: Labels) -> float:
    """Return the weighted squares of the distances to the centres."""
    return float(weights @ ((points - centres[labels]) ** 2).sum(axis=1))


def candidates(points: Points, weights: Points, *, seed: int = 0) -> list[Division]:
    """Return a division for each number of groups, in two dimensions and in as many as it needs."""
    found = []
    different = len(np.unique(points, axis=0))
    for groups in range(FEWEST, min(MOST, different) + 1):
        for dimensions in sorted({2, groups - 1} - {1}):
            if dimensions <= points.shape[1]:
                found.append(_assess(points[:, :dimensions], weights, groups, seed))
    return found


def choose(divisions: list[Division], before: Division | None = None) -> Division:
    """Return the coarsest of the best divisions, if it clearly betters the one into two.

    Divisions within `SLACK` of each other are equally good; what was chosen before is chosen
    again while it is within twice that, so that no single vote makes a group appear and disappear.
    """
    two = divisions[0]
    kept = next((one for one in divisions if before and one.groups == before.groups
                 and one.dimensions == before.dimensions), None)  # fmt: skip
    loose = SLACK if kept is not None and kept is not two else 0.0
    tight = SLACK if kept is two else 0.0
    margin = MARGIN + OF_CHANCE / np.sqrt(max(two.places, 1)) + tight - loose
    good = [one for one in divisions if _is_better(one, two, margin)]
    best = max((one.excess for one in good), default=0.0)
    if kept is not None and any(one is kept for one in good) and kept.excess >= best - 2 * SLACK:
        return kept
    return next((one for one in good if one.excess >= best - SLACK), two)


def _is_better(one: Division, two: Division, margin: float) -> bool:
    """Whether it exceeds chance by so much more, in itself and as a share of what could be."""
    return one.excess > two.excess + margin and one.corrected > two.corrected + margin


def _assess(points: Points, weights: Points, groups: int, seed: int) -> Division:
    centres, labels = kmeans(points, weights, groups, seed=seed)
    score = silhouette(points, weights, centres, labels)
    spread = np.sqrt(np.average((points - np.average(points, axis=0, weights=weights)) ** 2,
                                axis=0, weights=weights))  # fmt: skip
    # In steps of a twentieth, and of two digits: what was found for one map serves for the next.
    shape = tuple((np.round(20 * spread / max(spread.max(), 1e-300)) / 20).tolist())
    places = min(len(np.unique(np.round(points, 9), axis=0)), CLOUD)
    expected = of_no_groups(shape, int(float(f"{places:.2g}")), groups)
    return Division(centres, score, expected, places)


def silhouette(points: Points, weights: Points, centres: Points, labels: Labels) -> float:
    """Return the weighted mean of (b - a) ÷ max(a, b), a, b the distances to own, next centre."""
    if len(centres) < FEWEST:
        return 0.0
    away = np.sqrt(squared_distances(points, centres))
    rows = np.arange(len(points))
    own = away[rows, labels]
    away[rows, labels] = np.inf
    other = away.min(axis=1)
    larger = np.maximum(own, other)
    each = np.divide(other - own, larger, out=np.zeros_like(own), where=larger > 0)
    return float(np.average(each, weights=weights))


@lru_cache(maxsize=512)
def of_no_groups(shape: tuple[float, ...], places: int, groups: int) -> float:
    """Return the silhouette of dividing normal clouds of so many places with these relative axes.

    The fewer places, the more chance alone looks like groups.
    """
    chance = np.random.default_rng(20_010_401)
    scores, alike = [], np.ones(places)
    for _ in range(max(ALL_CLOUDS // max(places, 100), 1)):
        cloud = chance.standard_normal((places, len(shape))) * np.array(shape)
        centres, labels = kmeans(cloud, alike, groups, starts=2)
        scores.append(silhouette(cloud, alike, centres, labels))
    return float(np.mean(scores))


def kmeans(
    points: Points, weights: Points, groups: int, *, seed: int = 0, starts: int = STARTS
) -> tuple[Points, Labels]:
    """Return the centres and labels of the least weighted squares over several starts.

    The points are put in the order of their coordinates first: who stands where in the table
    decides nothing.
    """
    order = np.lexsort(np.round(points, 9).T[::-1])
    sorted_points, sorted_weights = points[order], weights[order]
    chance = np.random.default_rng(seed)
    begun = [_by_quantiles(sorted_points, sorted_weights, groups),
             _farthest_first(sorted_points, sorted_weights, groups)]  # fmt: skip
    begun += [_plus_plus(sorted_points, sorted_weights, groups, chance) for _ in range(starts)]
    best: tuple[float, Points] | None = None
    for start in begun:
        centres, labels = settle(sorted_points, sorted_weights, start, STEPS)
        off = _off(sorted_points, sorted_weights, centres, labels)
        if best is None or (len(centres), -off) > (len(best[1]), -best[0] * (1 - 1e-9)):
            best = (off, centres)
    assert best is not None  # noqa: S101 there are always two starts
    centres = best[1][np.lexsort(np.round(best[1], 9).T[::-1])]
    return centres, squared_distances(points, centres).argmin(axis=1)


def settle(points: Points, weights: Points, centres: Points, steps: int) -> tuple[Points, Labels]:
    """Return the centres and labels Lloyd's steps come to from these centres."""
    weighted = points * weights[:, None]
    labels = squared_distances(points, centres).argmin(axis=1)
    for _ in range(steps):
        mass = np.bincount(labels, weights, len(centres))
        sums = np.stack(
            [np.bincount(labels, column, len(centres)) for column in weighted.T], axis=1
        )
        kept = mass > 0
        centres = sums[kept] / mass[kept, None]
        new = squared_distances(points, centres).argmin(axis=1)
        settled = np.count_nonzero(new != labels) <= len(points) // MANY
        labels = new
        if settled and kept.all():
            break
    return centres, labels


def squared_distances(points: Points, centres: Points) -> Points:
    """Return squared distances, points × centres."""
    # A dimension at a time, and by centres in memory: with so few that is fast, and two people in
    # one place get the same figures wherever they stand in the table.
    away = np.zeros((len(centres), len(points)))
    for column, middles in zip(points.T, centres.T, strict=True):
        apart = column - middles[:, None]
        apart *= apart
        away += apart
    return away.T


def _look_at(points: Points, weights: Points) -> tuple[Points, Points]:
    """Return at most `LOOKED_AT` people, evenly over the map in the order of their places."""
    if len(points) <= LOOKED_AT:
        return points, weights
    order = np.argsort(points[:, :2] @ ASLANT)
    at = order[np.linspace(0, len(order) - 1, LOOKED_AT).round().astype(np.int64)]
    return points[at], weights[at]


def _by_quantiles(points: Points, weights: Points, groups: int) -> Points:
    """Return the means of equally heavy stretches along the first axis; points are sorted by it."""
    share = np.cumsum(weights) / weights.sum()
    stretch = np.minimum((share * groups * (1 - 1e-12)).astype(np.int64), groups - 1)
    return np.array([np.average(points[stretch == one], axis=0, weights=weights[stretch == one])
                     for one in np.unique(stretch)])  # fmt: skip


def _farthest_first(points: Points, weights: Points, groups: int) -> Points:
    """Return the point farthest from the middle, then those farthest from all taken."""
    middle = np.average(points, axis=0, weights=weights)
    taken = [points[(weights * ((points - middle) ** 2).sum(1)).argmax()]]
    while len(taken) < groups:
        away = squared_distances(points, np.array(taken)).min(axis=1)
        taken.append(points[(weights * away).argmax()])
    return np.array(taken)


def _plus_plus(points: Points, weights: Points, groups: int, chance: np.random.Generator) -> Points:
    """Return a start of k-means++ (Arthur, Vassilvitskii 2007)."""
    taken = [points[_draw(weights, chance)]]
    while len(taken) < groups:
        away = squared_distances(points, np.array(taken)).min(axis=1) * weights
        taken.append(points[_draw(away if away.any() else weights, chance)])
    return np.array(taken)


def _draw(mass: Points, chance: np.random.Generator) -> int:
    heap = np.cumsum(mass)
    return int(min(np.searchsorted(heap, chance.random() * heap[-1]), len(mass) - 1))
