"""Messages of one trouble brought together: near neighbours, average linkage, near centroids.

The thresholds are those of the best pairwise F1, within 0.005, on the pairs of
``tests/realdata/hot_topic_pairs.csv`` that are not held out; F1 changes little around them.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from linli.engines.similarity.wording import unit_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Matrix = Any  # scipy.sparse.csr_matrix, which has no types
    Areas = frozenset[str] | None  # None: not known, which speaks against nothing

LINKED = 0.07  # the least mean likeness of the messages of two groups that become one
NEAR = 0.27  # the least likeness of the centroids of two groups that become one
FAINT = 0.03  # a likeness below this is none
NEIGHBOURS = 40  # the most of them a message is compared with
ROUNDS = 5  # of bringing near groups together
_CELLS = 4_000_000  # likenesses held at a time: 16 MB


def group(titles: Matrix, texts: Matrix, areas: Sequence[Areas]) -> NDArray[np.intp]:
    """Return the number of its group for each row; groups are numbered by their first row.

    ``titles`` and ``texts``: rows of length 1 for the same messages (`wording.weigh`). Messages
    of one group have an area in common, as far as their areas are known.
    """
    groups = _link(_neighbours(titles, texts), areas, LINKED)
    for _round in range(ROUNDS):
        merged = _merge_near(groups, (titles, texts), areas, NEAR)
        if merged is None:
            break
        groups = merged
    return groups


def likeness(title: NDArray, text: NDArray) -> NDArray:
    """Return the mix of mean and geometric mean: a place in the title alone is not enough."""
    return 0.25 * (title + text) + 0.5 * np.sqrt(title * text)


def _neighbours(titles: Matrix, texts: Matrix) -> list[tuple[float, int, int]]:
    """Return the pairs (likeness, lower row, higher row) of near rows, each pair once."""
    found: list[NDArray] = []
    count = titles.shape[0]
    for some, alike in _blocks(titles, texts, np.arange(count)):
        if count > NEIGHBOURS:
            least = np.partition(alike, count - NEIGHBOURS, axis=1)[:, count - NEIGHBOURS]
            alike[alike < least[:, None]] = 0
        row, other = np.nonzero(alike >= FAINT)
        one, value = some[row], alike[row, other].round(6)
        found.append(np.stack([np.minimum(one, other), np.maximum(one, other), value]))
    lower, higher, value = np.concatenate(found, axis=1) if found else np.zeros((3, 0))
    _pair, first = np.unique(lower * count + higher, return_index=True)
    return list(
        zip(value[first].tolist(), lower[first].astype(int).tolist(),
            higher[first].astype(int).tolist(), strict=True)
    )  # fmt: skip


class _Groups:
    """Groups that only grow: who represents a row, how many are in it, which areas it may have."""

    def __init__(self, sizes: Sequence[int], areas: Sequence[Areas]) -> None:
        self.parent = list(range(len(sizes)))
        self.size = list(sizes)
        self.areas = list(areas)

    def of(self, row: int) -> int:
        while self.parent[row] != row:
            self.parent[row] = self.parent[self.parent[row]]
            row = self.parent[row]
        return row

    def may_join(self, one: int, other: int) -> bool:
        ours, theirs = self.areas[one], self.areas[other]
        return ours is None or theirs is None or not ours.isdisjoint(theirs)

    def join(self, one: int, other: int) -> None:
        ours, theirs = self.areas[one], self.areas[other]
        self.areas[one] = theirs if ours is None else ours if theirs is None else ours & theirs
        self.size[one] += self.size[other]
        self.parent[other] = one

    def numbers(self) -> NDArray[np.intp]:
        return np.array([self.of(row) for row in range(len(self.parent))], np.intp)


def _link(
    pairs: list[tuple[float, int, int]], areas: Sequence[Areas], least: float
) -> NDArray[np.intp]:
    """Join the two groups of greatest mean likeness until it is below ``least``.

    Pairs that are not neighbours count as 0, so nothing quadratic is held. A mean with a joined
    group is never above the greater of the means before: what waits in the heap is an upper
    bound, and is set right when its turn comes.
    """
    groups = _Groups([1] * len(areas), areas)
    sums: list[dict[int, float]] = [{} for _ in areas]
    for value, one, other in pairs:
        sums[one][other] = sums[other][one] = value
    waiting = [(-value, one, other) for value, one, other in pairs if value >= least]
    heapq.heapify(waiting)
    while waiting:
        bound, one, other = heapq.heappop(waiting)
        one, other = sorted((groups.of(one), groups.of(other)))
        if one == other or not groups.may_join(one, other):
            continue
        mean = sums[one][other] / (groups.size[one] * groups.size[other])
        if mean < -bound - 1e-12:
            if mean >= least:
                heapq.heappush(waiting, (-mean, one, other))
            continue
        groups.join(one, other)
        _add_sums(sums, one, other)
    return groups.numbers()


def _add_sums(sums: list[dict[int, float]], one: int, other: int) -> None:
    ours, theirs = sums[one], sums[other]
    ours.pop(other, None)
    for third, value in theirs.items():
        if third != one:
            ours[third] = sums[third][one] = ours.get(third, 0.0) + value
            del sums[third][other]
    sums[other] = {}


def _merge_near(
    numbers: NDArray[np.intp], rows: tuple[Matrix, Matrix], areas: Sequence[Areas], least: float
) -> NDArray[np.intp] | None:
    """Join groups whose centroids are near, the nearest first, each once; None: there is none.

    What single messages say besides their trouble averages out in a centroid, so that parts of
    one big topic are nearer to each other than their messages are. One of two must be a group.
    """
    firsts, inverse, sizes = np.unique(numbers, return_inverse=True, return_counts=True)
    groups = _Groups([1] * len(areas), areas)
    for row, first in enumerate(numbers.tolist()):
        if row != first:
            groups.join(first, row)
    ones = np.ones(len(numbers), np.float32)
    members = sparse.csr_matrix((ones, (inverse, np.arange(len(numbers)))))
    titles, texts = (unit_rows((members @ words).tocsr()) for words in rows)
    joined: set[int] = set()
    for _value, one, other in sorted(_near(titles, texts, np.flatnonzero(sizes > 1), least)):
        first, second = sorted((int(firsts[one]), int(firsts[other])))
        if joined.isdisjoint((first, second)) and groups.may_join(first, second):
            joined.update((first, second))
            groups.join(first, second)
    return groups.numbers() if joined else None


def _near(
    titles: Matrix, texts: Matrix, big: NDArray[np.intp], least: float
) -> Iterator[tuple[float, int, int]]:
    """Yield (- likeness, one, other) of centroids (rows of length 1): one of ``big``, any other."""
    for some, alike in _blocks(titles, texts, big):
        row, other = np.nonzero(alike >= least)
        value = (-alike[row, other]).round(6)
        yield from zip(value.tolist(), some[row].tolist(), other.tolist(), strict=True)


def _blocks(
    titles: Matrix, texts: Matrix, asked: NDArray[np.intp]
) -> Iterator[tuple[NDArray[np.intp], NDArray]]:
    """Yield some of the rows ``asked`` and their likeness to every row (0 to itself)."""
    title_columns, text_columns = titles.T.tocsr(), texts.T.tocsr()
    height = max(1, _CELLS // max(1, titles.shape[0]))
    for at in range(0, len(asked), height):
        some = asked[at : at + height]
        alike = likeness(
            (titles[some] @ title_columns).toarray(), (texts[some] @ text_columns).toarray()
        )
        alike[np.arange(len(some)), some] = 0
        yield some, alike
