"""Votes as a sparse table: people × statements, agree, pass, disagree, or not seen.

A pass is a vote: it is stored, as a zero; what is not stored was not seen. Nothing here may call
what scipy offers to drop zeros.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, csr_array  # type: ignore[import-untyped]

AGREE, PASS, DISAGREE = 1, 0, -1

Keys = NDArray[Any]
Rows = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Votes:
    """Who voted what on which statement; `table` holds one int8 for each vote."""

    people: Keys
    statements: Keys
    table: Any  # csr_array of int8, people × statements, columns sorted in every row
    seen: NDArray[np.int64]  # votes on each statement
    sums: NDArray[np.int64]  # agreeing less disagreeing votes on each statement

    @classmethod
    def of(cls, people: ArrayLike, statements: ArrayLike, answers: ArrayLike) -> Votes:
        """Return the votes in three columns of equal length; of two on one statement the later.

        Raises `ValueError` for columns of unequal length or answers other than -1, 0 and 1.
        """
        who, what, said = _columns(people, statements, answers)
        names, rows = _numbered(who)
        titles, columns = _numbered(what)
        return cls._from(names, titles, rows, columns, said)

    @classmethod
    def of_table(cls, table: ArrayLike) -> Votes:
        """Return the votes in a dense table where what was not seen is NaN, numbered from 0."""
        dense = np.atleast_2d(np.asarray(table, dtype=np.float64))
        rows, columns = np.nonzero(~np.isnan(dense))
        _who, _what, said = _columns(rows, columns, dense[rows, columns])
        people, statements = np.arange(dense.shape[0]), np.arange(dense.shape[1])
        return cls._from(people, statements, rows.astype(np.int32), columns.astype(np.int32), said)

    @classmethod
    def _from(
        cls, people: Keys, statements: Keys, rows: Rows, columns: Rows, said: NDArray[np.int8]
    ) -> Votes:
        shape = (len(people), len(statements))
        table = csr_array(coo_array((said, (rows, columns)), shape=shape))
        if table.nnz < len(said):  # somebody voted twice: then the order counts
            last = _last_of_each(rows.astype(np.int64) * shape[1] + columns)
            table = csr_array(coo_array((said[last], (rows[last], columns[last])), shape=shape))
        table.sort_indices()
        seen = np.bincount(table.indices, minlength=shape[1])
        sums = np.bincount(table.indices, table.data, shape[1]).astype(np.int64)
        return cls(people, statements, table, seen, sums)

    def __len__(self) -> int:
        """Return the number of votes."""
        return int(self.table.nnz)

    @property
    def cast(self) -> NDArray[np.int64]:
        """Return how many votes each person cast."""
        return np.diff(self.table.indptr).astype(np.int64)

    def joined(self, batch: Votes) -> Votes:
        """Return these votes and those of the batch, which replace earlier ones.

        New people and statements come after those known. Raises `ValueError` for keys of another
        kind than those known.
        """
        people, row_of = _joined(self.people, batch.people)
        statements, column_of = _joined(self.statements, batch.statements)
        new = batch.table.tocoo()
        rows, columns = row_of[new.coords[0]], column_of[new.coords[1]]
        order = np.lexsort((columns, rows))
        rows, columns, said = rows[order], columns[order], new.data[order]
        old = _widened(self.table, len(people), len(statements))
        at, known = _find(old, rows, columns)
        data = old.data.copy()
        change = said.astype(np.int64)
        change[known] -= data[at[known]]
        data[at[known]] = said[known]
        added = ~known
        grown = np.concatenate(([0], np.cumsum(np.bincount(rows[added], minlength=len(people)))))
        table = csr_array(
            (_inserted(data, at[added], said[added]),
             _inserted(old.indices, at[added], columns[added]),
             (old.indptr + grown).astype(old.indptr.dtype)),
            shape=old.shape,
        )  # fmt: skip
        size = len(statements)
        seen, sums = np.bincount(columns[added], minlength=size), np.bincount(columns, change, size)
        seen[: len(self.seen)] += self.seen
        sums[: len(self.sums)] += self.sums
        return Votes(people, statements, table, seen, sums.astype(np.int64))


def _columns(
    people: ArrayLike, statements: ArrayLike, answers: ArrayLike
) -> tuple[Keys, Keys, NDArray[np.int8]]:
    who, what, said = np.asarray(people), np.asarray(statements), np.asarray(answers)
    if not (who.ndim == what.ndim == said.ndim == 1 and len(who) == len(what) == len(said)):
        raise ValueError("people, statements and answers must be columns of the same length")
    if said.dtype == np.int8:
        wrong = bool(len(said)) and (int(said.min()) < DISAGREE or int(said.max()) > AGREE)
    else:
        wrong = not np.isin(said, (AGREE, PASS, DISAGREE)).all()
    if wrong:
        raise ValueError("an answer is 1 (agree), 0 (pass) or -1 (disagree)")
    return who, what, said.astype(np.int8)


def _numbered(keys: Keys) -> tuple[Keys, Rows]:
    """Return the different keys in order, and the number of each in the column."""
    if keys.dtype.kind in "iu" and len(keys) and int(keys.min()) >= 0:
        most = int(keys.max())
        if most < 4 * len(keys) + 1_000:  # far quicker than sorting
            there = np.zeros(most + 1, bool)
            there[keys] = True
            number = np.cumsum(there, dtype=np.int32) - np.int32(1)
            return np.flatnonzero(there), number[keys]
    different, number = np.unique(keys, return_inverse=True)
    return different, number.astype(np.int32)


def _joined(known: Keys, others: Keys) -> tuple[Keys, NDArray[np.int64]]:
    """Return the known keys and then the new ones, and where each of the others is among them."""
    if not len(known) or not len(others):
        return (known if len(known) else others), np.arange(len(others))
    if known.dtype.kind != others.dtype.kind and {known.dtype.kind, others.dtype.kind} != {*"iu"}:
        raise ValueError("people and statements must have keys of the same kind as before")
    order = np.argsort(known, kind="stable")
    found = np.minimum(np.searchsorted(known, others, sorter=order), len(known) - 1)
    at = order[found].astype(np.int64)
    new = known[at] != others
    at[new] = len(known) + np.arange(int(new.sum()))
    return np.concatenate((known, others[new])), at


def _widened(table: Any, rows: int, columns: int) -> Any:
    more = np.full(rows - table.shape[0], table.indptr[-1], table.indptr.dtype)
    return csr_array(
        (table.data, table.indices, np.concatenate((table.indptr, more))), shape=(rows, columns)
    )


def _find(
    table: Any, rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return where each (row, column) is or belongs in the table's data, and whether it is there.

    The pairs come in order.
    """
    touched, number = np.unique(rows, return_inverse=True)
    begin, end = table.indptr[touched], table.indptr[touched + 1]
    lengths = (end - begin).astype(np.int64)
    firsts = np.concatenate(([0], np.cumsum(lengths)))
    inside = np.arange(firsts[-1]) + np.repeat(begin - firsts[:-1], lengths)
    width = table.shape[1]
    theirs = np.repeat(np.arange(len(touched)), lengths) * width + table.indices[inside]
    wanted = number * width + columns
    at = np.searchsorted(theirs, wanted)
    known = np.zeros(len(wanted), bool)
    within = at < len(theirs)
    known[within] = theirs[at[within]] == wanted[within]
    return begin[number] + at - firsts[number], known


def _inserted(values: Keys, at: NDArray[np.int64], new: Keys) -> Keys:
    """Return the values with the new ones before those at these places, which come in order."""
    new = new.astype(values.dtype)
    if len(at) > len(values) // 1_000:
        return np.insert(values, at, new)
    ends = [*at.tolist(), len(values)]  # a few into very many: stretches are copied whole
    pieces = [values[: ends[0]]]
    for number, (first, last) in enumerate(pairwise(ends)):
        pieces += [new[number : number + 1], values[first:last]]
    return np.concatenate(pieces)


def _last_of_each(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each key stands for the last time."""
    order = np.argsort(keys, kind="stable")
    last = np.append(keys[order][1:] != keys[order][:-1], True)
    return order[last]
