"""What a published table lost, in the measures of the literature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from linli.engines.anonymity.grouping import groups_of, people_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from linli.engines.anonymity.generalising import Anonymised


@dataclass(frozen=True)
class Loss:
    """Shares are 0 to 1.

    ``certainty``: mean normalised certainty penalty of all values, one for a row not published
    (Xu et al. 2006). ``by_column``: the same for each column. ``discernibility``: the sum of the
    squared class sizes, a suppressed row counting all rows (Bayardo & Agrawal 2005), over the
    square of the rows. ``smallest``: people in the smallest class.
    """

    rows: int
    suppressed: int
    classes: int
    smallest: int
    certainty: float
    by_column: tuple[float, ...]
    discernibility: float


def measure(table: Anonymised, people: NDArray[np.int64]) -> Loss:
    """Return the measures of a table; nothing is lost of an empty one."""
    rows, kept = len(table.levels), table.kept
    group, firsts = classes_of(table)
    sizes = np.bincount(group, minlength=len(firsts)).astype(float)
    found = people_of(group, people[kept], len(firsts)) if len(group) else np.zeros(0)
    lost = tuple(_lost(table, number) for number in range(len(table.columns)))
    suppressed = int(rows - kept.sum())
    squares = float((sizes**2).sum()) + suppressed * rows
    return Loss(
        rows=rows,
        suppressed=suppressed,
        classes=len(firsts),
        smallest=int(found.min()) if len(found) else 0,
        certainty=round(sum(lost) / len(lost), 6),
        by_column=tuple(round(one, 6) for one in lost),
        discernibility=round(squares / rows**2, 6) if rows else 0.0,
    )


def classes_of(table: Anonymised) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the class of each published row, and one row of each class, among the published."""
    kept = table.kept
    if not kept.any():
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    codes = [table.codes(number)[kept] for number in range(len(table.columns))]
    sizes = [sum(map(len, column.hierarchy.labels)) for column in table.columns]
    return groups_of(codes, sizes)


def _lost(table: Anonymised, number: int) -> float:
    if not len(table.levels):
        return 0.0
    column, total = table.columns[number], 0.0
    for level, codes in enumerate(column.hierarchy.codes):
        values = column.values[table.levels[:, number] == level]
        total += float(column.hierarchy.penalties(level)[codes[values]].sum())
    total += float((table.levels[:, number] < 0).sum())
    return total / len(table.levels)
