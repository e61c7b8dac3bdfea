"""The plain way, to compare with: one level for the whole table, and what does not fit left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linli.engines.anonymity.generalising import SUPPRESSED, Anonymised
from linli.engines.anonymity.grouping import groups_of, people_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from linli.engines.anonymity.generalising import Column


def full_domain(
    columns: Sequence[Column], people: NDArray[np.int64], k: int, node: Sequence[int]
) -> Anonymised:
    """Return the table with every row at one level a column; classes below ``k`` are left out.

    Full-domain generalisation with suppression (Samarati & Sweeney 1998); ``node``: the levels.
    """
    codes = [
        column.hierarchy.codes[level][column.values]
        for column, level in zip(columns, node, strict=True)
    ]
    sizes = [
        len(column.hierarchy.labels[level]) for column, level in zip(columns, node, strict=True)
    ]
    group, firsts = groups_of(codes, sizes)
    good = (people_of(group, people, len(firsts)) >= k)[group]
    levels = np.full((len(people), len(columns)), SUPPRESSED, dtype=np.int8)
    levels[good] = np.array(node, dtype=np.int8)
    return Anonymised(tuple(columns), levels)
