"""Many messages as rows of weighted character pairs and triples, of the title and of the text.

All in NumPy: the codes of neighbouring characters are put into one number each and hashed to a
column, so that fifty thousand messages need no dictionary of a million strings.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Matrix = Any  # scipy.sparse.csr_matrix, which has no types

BEGINNING = 300  # characters of a text that are read: what it is about is said by then
COLUMNS = 22  # bits: 4 million columns, of which a town's messages fill a part
COMMON = 0.05  # a piece in more than this part of the messages tells nothing of one trouble
COMMON_FROM = 400  # messages: what fewer hold may be one hot topic, however few there are
HABIT_SHARE = 0.6  # of the messages that hold a piece: one writer's, if it is …
HABIT_TIMES = 4  # … in at least so many of that writer's messages
_BLOCK = 4_000  # texts cut at a time
_MIXER = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: spreads neighbouring codes


def weigh(texts: Sequence[str], writers: NDArray[np.intp]) -> Matrix:
    """Return a CSR matrix (texts by pieces, float32) whose rows have length 1 or less.

    A piece weighs (1 + log times) x idf. Pieces in more than `COMMON` of all, and pieces that are
    one writer's manner, weigh nothing. Pieces in one text only have no column, but make the row
    shorter than 1: what nobody else says is a difference. ``writers``: a number for each text.
    """
    counts = _count(texts)
    holders = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = (np.log((1 + len(texts)) / (1 + holders)) + 1).astype(np.float32)
    idf[holders > max(COMMON_FROM, COMMON * len(texts))] = 0
    idf[_habits(counts, texts, writers)] = 0
    counts.data = (1 + np.log(counts.data)) * idf[counts.indices]
    lengths = _lengths(counts)
    rows = counts[:, np.flatnonzero((holders > 1) & (idf > 0))]
    return (sparse.diags(1 / lengths) @ rows).tocsr()


def unit_rows(rows: Matrix) -> Matrix:
    """Return the rows scaled to length 1; empty ones stay empty."""
    return (sparse.diags(1 / _lengths(rows)) @ rows).tocsr()


def _lengths(rows: Matrix) -> NDArray[np.float32]:
    squares = np.add.reduceat(np.append(rows.data**2, 0), rows.indptr[:-1])
    squares[np.diff(rows.indptr) == 0] = 0
    squares[squares == 0] = 1
    return np.sqrt(squares).astype(np.float32)


def _count(texts: Sequence[str]) -> Matrix:
    blocks = [_count_block(texts[at : at + _BLOCK]) for at in range(0, len(texts), _BLOCK)]
    counts = sparse.vstack(blocks, format="csr", dtype=np.float32)
    used = np.zeros(counts.shape[1], np.bool_)
    used[counts.indices] = True
    narrow = (np.cumsum(used, dtype=np.int32) - 1)[counts.indices]
    shape = (len(texts), int(used.sum()))
    return sparse.csr_matrix((counts.data, narrow, counts.indptr), shape=shape)


def _count_block(texts: Sequence[str]) -> Matrix:
    """Count pairs and triples; no piece reaches from one text into the next, nor over a mark."""
    plain = [_plain(text) for text in texts]
    codes = _code_points("\0\0".join(plain))
    lengths = [len(text) + 2 for text in plain]
    row = np.repeat(np.arange(len(texts)), lengths)[: len(codes)]
    shift = np.uint64(21)
    pairs = (codes[:-1] << shift) | codes[1:]
    whole_pair = (codes[:-1] > 0) & (codes[1:] > 0)
    triples = (pairs[:-1] << shift) | codes[2:]
    whole_triple = whole_pair[:-1] & whole_pair[1:]
    pieces = np.concatenate([pairs[whole_pair], triples[whole_triple]])
    rows = np.concatenate([row[:-1][whole_pair], row[:-2][whole_triple]])
    columns = ((pieces * _MIXER) >> np.uint64(64 - COLUMNS)).astype(np.int32)
    ones = np.ones(len(columns), np.float32)
    shape = (len(texts), 1 << COLUMNS)
    return sparse.coo_matrix((ones, (rows, columns)), shape=shape).tocsr()


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text[:BEGINNING]).casefold()
    return "".join(letter if letter.isalnum() else "\0" for letter in folded if letter != " ")


def _code_points(text: str) -> NDArray[np.uint64]:
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    padded = np.zeros(len(raw) + 2, np.uint64)
    padded[: len(raw)] = raw
    return padded


def _habits(counts: Matrix, texts: Sequence[str], writers: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the pieces mostly one writer uses, in many different texts: a manner, no trouble."""
    different = np.unique(numbered(zip(writers.tolist(), texts, strict=True)), return_index=True)[1]
    said = counts if len(different) == len(texts) else counts[different]
    writers = writers[different]
    holders = np.bincount(said.indices, minlength=said.shape[1])
    most = np.zeros(said.shape[1], np.intp)
    for writer in np.flatnonzero(np.bincount(writers) >= HABIT_TIMES):
        own = said[np.flatnonzero(writers == writer)]
        columns, times = np.unique(own.indices, return_counts=True)
        most[columns] = np.maximum(most[columns], times)
    return np.flatnonzero((most >= HABIT_TIMES) & (most >= HABIT_SHARE * holders))


def numbered(values: Iterable[Any]) -> NDArray[np.intp]:
    """Return a number for each value, the same for the same; every ``None`` is another's."""
    seen: dict[Any, int] = {}
    numbers = [
        seen.setdefault(("", at) if value is None else (value,), len(seen))
        for at, value in enumerate(values)
    ]
    return np.array(numbers, np.intp)
