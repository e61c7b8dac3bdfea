"""Votes less their statement's mean, as sparse as the votes, and products with them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array  # type: ignore[import-untyped]

from .votes import Votes

MANY = 2_000_000  # votes beyond which work is shared between threads
PARTS = 4  # stretches of people then; always as many, so that sums come out alike everywhere
BLOCK = 1 << 17  # votes centred at a time: what stays in the cache

Array = NDArray[np.float64]


class Centred:
    """The centred table, people × statements; `table` is a csr_array of float64."""

    def __init__(self, votes: Votes, means: Array, closed: NDArray[np.bool_]) -> None:
        """Take the statements' means off the votes; what is on closed statements becomes 0."""
        values = np.empty(len(votes))
        kept = np.where(closed, 0.0, 1.0) if closed.any() else None

        def centre(first: int) -> None:
            block = slice(first, first + BLOCK)
            columns, out = votes.table.indices[block], values[block]
            np.take(means, columns, out=out, mode="clip")
            np.subtract(votes.table.data[block], out, out=out)
            if kept is not None:
                out *= kept[columns]

        self.many = len(votes) > MANY
        self.map(centre, range(0, len(values), BLOCK))
        self.table = csr_array(
            (values, votes.table.indices, votes.table.indptr), shape=votes.table.shape
        )
        self.parts = _stretches(self.table, PARTS if self.many else 1)

    def map(self, work: Any, parts: Any) -> list[Any]:
        """Return what the work gives for each part, in threads where there are many votes."""
        # NumPy and SciPy let go of the interpreter's lock meanwhile.
        if not self.many:
            return [work(part) for part in parts]
        with ThreadPoolExecutor(PARTS) as pool:
            return list(pool.map(work, parts))

    @property
    def shape(self) -> tuple[int, int]:
        """Return people and statements."""
        people, statements = self.table.shape
        return int(people), int(statements)

    def forth(self, right: Array) -> Array:
        """Return the product with a vector or matrix of the statements."""
        return np.concatenate(self.map(lambda part: part[0] @ right, self.parts))

    def back(self, left: Array) -> Array:
        """Return the product of the transpose with a vector or matrix of the people."""
        ends = np.cumsum([0, *(part.shape[0] for part, _turned in self.parts)]).tolist()
        pieces = [left[first:last] for first, last in pairwise(ends)]
        sums = self.map(lambda each: each[0][1] @ each[1], zip(self.parts, pieces, strict=True))
        total: Array = sums[0]
        for one in sums[1:]:
            total = total + one
        return total

    def squares(self) -> Any:
        """Return the table of squared entries."""
        table = self.table
        return csr_array((table.data**2, table.indices, table.indptr), shape=table.shape)


def _stretches(table: Any, many: int) -> list[tuple[Any, Any]]:
    """Return the table's rows in so many stretches of about as many votes, and their transposes.

    Nothing is copied.
    """
    at = np.searchsorted(table.indptr, np.linspace(0, table.nnz, many + 1)[1:-1]).tolist()
    found = []
    for first, last in zip([0, *at], [*at, table.shape[0]], strict=True):
        begin, end = table.indptr[first], table.indptr[last]
        rows, columns = last - first, table.shape[1]
        part, turned = csr_array((rows, columns)), csc_array((columns, rows))
        for one in (part, turned):
            # Not by the constructor, which would copy so small a part of a large array.
            one.data, one.indices = table.data[begin:end], table.indices[begin:end]
            one.indptr = table.indptr[first : last + 1] - begin
        found.append((part, turned))
    return found
