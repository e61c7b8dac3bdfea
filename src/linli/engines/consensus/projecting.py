"""Where everybody stands: principal components of the votes, and places scaled for few votes.

With what was not seen at the statement's mean, the centred table has an entry only where there is
a vote: it is as sparse as the votes and is never made dense. A statement that was moderated out is
zero for everyone and counts as voted on by everyone, as in Polis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh  # type: ignore[import-untyped]
from scipy.sparse.linalg import LinearOperator, eigsh  # type: ignore[import-untyped]

from .centring import Centred
from .votes import Votes

KEPT = 4  # components: five groups need four
DENSE = 256  # statements up to which the statements' covariance is made whole
CLOSE, NEAR = 1e-6, 1e-3  # relative errors: of many votes anew, of many votes after a batch
NOTHING = 1e-12  # share of all variance below which a component is none

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Projection:
    """Components (statements × `KEPT`), statements' means, and everybody's places.

    `places` is people × `KEPT`; `stretch` is the factor for few votes, sqrt(statements ÷ votes).
    """

    components: Array
    means: Array
    places: Array
    stretch: Array
    centred: Centred


def project(votes: Votes, closed: NDArray[np.bool_], before: Array | None = None) -> Projection:
    """Return the projection of the votes; `closed` tells which statements were moderated out.

    `before`: components of an earlier projection, from where to start (statements × `KEPT`).
    """
    statements = len(votes.statements)
    means = np.where(closed, 0.0, votes.sums / np.maximum(votes.seen, 1))
    centred = Centred(votes, means, closed)
    components, raw = _components(centred, before)
    counted = _open_votes(votes, closed) + int(closed.sum())
    stretch = np.sqrt(statements / np.maximum(counted, 1))
    return Projection(components, means, raw * stretch[:, None], stretch, centred)


def _open_votes(votes: Votes, closed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return how many votes each person cast on statements that are not closed."""
    if not closed.any():
        return votes.cast
    counted = (~closed[votes.table.indices]).astype(np.int64)
    totals = np.concatenate(([0], np.cumsum(counted)))
    ends: NDArray[np.int64] = totals[votes.table.indptr]
    return np.diff(ends)


def _components(centred: Centred, before: Array | None) -> tuple[Array, Array]:
    """Return the components and everybody's unscaled places on them, signs settled."""
    people, statements = centred.shape
    if not people or not statements:
        return np.zeros((statements, KEPT)), np.zeros((people, KEPT))
    if before is not None and centred.many:
        found = _improved(centred, before)
        if found is not None:
            return _signed(*found)
    whole = float(centred.table.data @ centred.table.data)
    if statements <= max(DENSE, 2 * KEPT):
        both = (centred.table.T @ centred.table).toarray()
        least = max(statements - KEPT, 0)
        strength, vectors = eigh(both, subset_by_index=[least, statements - 1])
    else:
        strength, vectors = _lanczos(centred, before)
    components = np.zeros((statements, KEPT))
    real = strength > NOTHING * max(whole, 1e-300)
    vectors = vectors[:, real][:, np.argsort(-strength[real], kind="stable")]
    components[:, : vectors.shape[1]] = vectors
    return _signed(components, centred.forth(components))


def _lanczos(centred: Centred, before: Array | None) -> tuple[Array, Array]:
    """Return the largest eigenvalues and vectors of the statements' covariance, by products."""
    statements = centred.shape[1]
    covariance = LinearOperator(
        (statements, statements), dtype=np.float64,
        matvec=lambda vector: centred.back(centred.forth(vector.ravel())),
    )  # fmt: skip
    start = np.random.default_rng(1).standard_normal(statements)
    if before is not None:
        start = 1e-3 * start / np.sqrt(statements) + before.sum(axis=1)
    exactly = CLOSE if centred.many else 0
    strength, vectors = eigsh(covariance, k=KEPT, v0=start, tol=exactly)
    return strength, vectors


def _improved(centred: Centred, before: Array) -> tuple[Array, Array] | None:
    """Return the components after one step from those before, or None if that is not enough."""
    if not np.allclose(before.T @ before, np.eye(KEPT), atol=1e-3):
        return None
    ahead = centred.back(centred.forth(before))
    off = ahead - before @ (before.T @ ahead)
    if np.linalg.norm(off) > NEAR * np.linalg.norm(ahead):
        return None
    basis, _rest = np.linalg.qr(ahead)
    raw = centred.forth(basis)
    strength, turn = np.linalg.eigh(raw.T @ raw)
    turn = turn[:, np.argsort(-strength, kind="stable")]
    return basis @ turn, raw @ turn


def _signed(components: Array, raw: Array) -> tuple[Array, Array]:
    """Return both with each axis pointing where the longer tail of people is."""
    # Third moments do not depend on who stands where; the sum decides where they are nothing.
    squares = raw * raw
    tails = np.einsum("ij,ij->j", squares, raw)
    small = np.abs(tails) <= 1e-9 * np.einsum("ij,ij->j", squares, np.abs(raw))
    signs = np.where(np.where(small, components.sum(axis=0), tails) < 0, -1.0, 1.0)
    return components * signs, raw * signs


def spread_of_places(projection: Projection, votes: Votes, closed: NDArray[np.bool_]) -> Array:
    """Return the standard error of everybody's place on the map drawn, as one radius.

    The v votes cast are taken for a draw out of the n open statements, without putting back:
    stretch × sqrt(v × (1 - v ÷ n) × s²), with s² the variance of what single votes add to the
    place, in which everybody's counts as one vote more.
    """
    if not len(votes.statements):
        return np.zeros(len(votes.people))
    axes = projection.components[:, :2]
    cast = _open_votes(votes, closed)
    squares = (projection.centred.squares() @ (axes**2)).sum(axis=1)
    sums = projection.places[:, :2] / projection.stretch[:, None]
    scatter = np.maximum(squares - (sums**2).sum(axis=1) / np.maximum(cast, 1), 0.0)
    usual = float(squares.sum() / max(int(cast.sum()), 1))
    variance = (scatter + usual) / np.maximum(cast, 1)
    left = 1 - cast / max(int((~closed).sum()), 1)
    drawn: Array = projection.stretch * np.sqrt(cast * variance * np.clip(left, 0.0, 1.0))
    never = projection.stretch * np.sqrt(usual)
    return np.where(cast > 0, drawn, never)
