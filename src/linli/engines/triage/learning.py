"""Fitting: regularised least squares, with what each text would get had it not been there.

The class is decided by least squares on +1 and −1 (Rifkin, Yeo & Poggio 2003), whose answers
for left-out texts follow from the fit itself, without fitting again: so confidence is set by
texts the model has not learnt from, and none has to be put aside.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]
from scipy.linalg import cho_factor, cho_solve  # type: ignore[import-untyped]

from linli.engines.triage.certainty import Certainty, measure

Floats = NDArray[np.float64]
SMOOTHNESS = (0.03, 0.1, 0.3, 1.0)  # tried; the one under which left-out texts are likeliest


@dataclass(frozen=True)
class Fit:
    """``weights``: piece × code. ``left_out``: text × code, each without its own group."""

    weights: Floats
    left_out: Floats
    certainty: Certainty
    smoothness: float


def fit(
    vectors: sparse.csr_matrix,
    codes: NDArray[np.intp],
    number: int,
    groups: Sequence[Hashable],
    measured: int,
) -> Fit:
    """Learn ``number`` codes; only the first ``measured`` texts say how sure one may be."""
    targets = np.where(codes[:, None] == np.arange(number), 1.0, -1.0)
    targets -= targets.mean(axis=0)  # what is common is not likelier for it: rare codes count too
    likeness = np.asarray((vectors @ vectors.T).todense(), dtype=np.float64)
    together = _together(groups)
    least, best = np.inf, None
    for smoothness in SMOOTHNESS:
        answers, left_out = _solve(likeness, targets, smoothness, together)
        certainty, loss = measure(left_out[:measured], codes[:measured])
        if best is None or loss < least:
            least, best = loss, Fit(answers, left_out, certainty, smoothness)
    if best is None:
        raise ValueError("no smoothness is tried")
    return replace(best, weights=np.asarray(vectors.T @ best.weights))


def _solve(
    likeness: Floats, targets: Floats, smoothness: float, together: list[NDArray[np.intp]]
) -> tuple[Floats, Floats]:
    """Return the answers, and the scores each group of texts gets without itself."""
    size = len(likeness)
    factor = cho_factor(likeness + smoothness * np.eye(size), lower=True)
    inverse = cho_solve(factor, np.eye(size))
    answers = inverse @ targets
    left_out: Floats = targets - answers / np.diag(inverse)[:, None]
    for rows in together:
        block = inverse[np.ix_(rows, rows)]
        left_out[rows] = targets[rows] - np.linalg.solve(block, answers[rows])
    return answers, left_out


def _together(groups: Sequence[Hashable]) -> list[NDArray[np.intp]]:
    """Return the texts of each group that has several."""
    rows: dict[Hashable, list[int]] = {}
    for row, group in enumerate(groups):
        rows.setdefault(group, []).append(row)
    return [np.array(found) for found in rows.values() if len(found) > 1]
