"""Rows into classes, and how many different people and values each class holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MOST_KEYS = 2**62


def groups_of(
    codes: Sequence[NDArray[np.int64]], sizes: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the number of the class of each row, and one row of each class.

    ``codes``: a column each, int arrays (rows,) of numbers from 0 up to its size. Raises
    ValueError where the columns together have more combinations than a number can name.
    """
    if np.prod([float(size) for size in sizes]) >= MOST_KEYS:
        raise ValueError("too many combinations of values")
    key = np.zeros(len(codes[0]), dtype=np.int64)
    for code, size in zip(codes, sizes, strict=True):
        key = key * size + code
    _keys, firsts, group = np.unique(key, return_index=True, return_inverse=True)
    return group.reshape(-1), firsts


def people_of(group: NDArray[np.int64], people: NDArray[np.int64], many: int) -> NDArray[np.int64]:
    """Return how many different people each class holds; negative ones count for nobody."""
    known = people >= 0
    if not known.any():
        return np.zeros(many, dtype=np.int64)
    width = int(people.max()) + 1
    pairs = np.unique(group[known] * width + people[known])
    return np.bincount(pairs // width, minlength=many)


def diversity_of(held: NDArray[np.int64], asked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how often each asked number stands among the held ones."""
    names, counts = np.unique(held, return_counts=True)
    if not len(names):
        return np.zeros(len(asked), dtype=np.int64)
    place = np.minimum(np.searchsorted(names, asked), len(names) - 1)
    return np.where(names[place] == asked, counts[place], 0)
