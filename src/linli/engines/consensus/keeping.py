"""What stays the same from one map to the next: the orientation, and the groups' numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

Array = NDArray[np.float64]
Labels = NDArray[np.int64]


def turn_like(new: Array, old: Array) -> Array:
    """Return the turn (2 × 2) that brings new places nearest to old ones of the same people.

    Axes are only swapped or mirrored, so that they stay the principal ones.
    """
    likeness = new[:, :2].T @ old[:, :2]
    straight, crossed = np.abs(np.diag(likeness)).sum(), np.abs(np.diag(likeness[::-1])).sum()
    turn = np.eye(2) if straight >= crossed else np.eye(2)[::-1]
    signs = np.where((likeness * turn).sum(axis=0) < 0, -1.0, 1.0)
    turned: Array = turn * signs
    return turned


def number_like(new: Labels, old: Labels, unused: int) -> tuple[Labels, int]:
    """Return the new groups under the numbers of the old ones they share most people with.

    Both are labels of the same people first (`new` may be longer); -1 is nobody's group. A group
    that takes no old number gets one never used. Returns the first number still unused besides.
    """
    theirs, ours = np.unique(old[old >= 0]), np.unique(new[new >= 0])
    shared = new[: len(old)]
    both = (shared >= 0) & (old >= 0)
    overlap = np.zeros((len(ours), len(theirs)))
    np.add.at(
        overlap,
        (np.searchsorted(ours, shared[both]), np.searchsorted(theirs, old[both])),
        1.0,
    )
    numbers = {}
    for row, column in zip(*linear_sum_assignment(-overlap), strict=True):
        if overlap[row, column]:
            numbers[int(ours[row])] = int(theirs[column])
    for group in ours.tolist():
        if group not in numbers:
            numbers[group] = unused
            unused += 1
    renamed = np.full(len(new), -1, np.int64)
    for group, number in numbers.items():
        renamed[new == group] = number
    return renamed, unused


def number_by_size(labels: Labels, places: Array) -> Labels:
    """Return the labels with the largest group as 0; of equal ones the one further left first."""
    groups = np.unique(labels[labels >= 0]).tolist()
    ranked = sorted(
        groups,
        key=lambda one: (-int((labels == one).sum()), *places[labels == one].mean(axis=0).tolist()),
    )
    renamed = np.full(len(labels), -1, np.int64)
    for number, group in enumerate(ranked):
        renamed[labels == group] = number
    return renamed
