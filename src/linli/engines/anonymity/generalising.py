"""Choosing how coarse each row is published: as fine as k and l allow, the least loss first.

Local recoding over a lattice of levels. A node of the lattice is one level for each column
(Samarati & Sweeney 1998; Samarati 2001). The nodes are taken in the order of what they lose, and
at each the rows not published yet are grouped by their values at that node: groups of at least k
people are published there and leave, the others go on to the next node. Unlike a full-domain
recoding, sparse places and days are made coarse without the others; unlike Mondrian (LeFevre et
al. 2006) no value is published that the tree does not name. What is left at the last node, where
nothing is said, belongs to fewer than k people and is not published at all.

l-diversity (Machanavajjhala et al. 2007) in its distinct form: a sensitive value is published only
where the rows that agree with it in all other columns hold at least l - 1 values that are plainly
something else.

Rows in any order give the same result; equal input gives equal output.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from linli.engines.anonymity.grouping import diversity_of, groups_of, people_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from linli.engines.anonymity.hierarchies import Hierarchy

LEAST_K = 3
SUPPRESSED = -1
Node = tuple[int, ...]


@dataclass(frozen=True)
class Column:
    """What others may know of a person: finest values by row, and how fine they may be told.

    ``values``: int array (rows,), indices of the hierarchy's finest values. ``finest``: the level
    below which nothing is published.
    """

    hierarchy: Hierarchy
    values: NDArray[np.int64]
    finest: int = 0


@dataclass(frozen=True)
class Sensitive:
    """Values that must never be the only ones of their class.

    ``column``: which of the columns; ``values``: bool array over its finest values.
    """

    column: int
    values: NDArray[np.bool_]

    def kinds(
        self, hierarchy: Hierarchy, level: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return, for each code of a level, whether it says “sensitive”, and “plainly not”."""
        codes, many = hierarchy.codes[level], len(hierarchy.labels[level])
        marked = np.bincount(codes, weights=self.values.astype(float), minlength=many)
        says = (marked == hierarchy.leaves(level)) & (level != hierarchy.top)
        return says, marked == 0


@dataclass(frozen=True)
class Rule:
    """Each class holds at least ``k`` people (never below 3), a sensitive one ``l`` values."""

    k: int = 5
    l: int = 2  # noqa: E741 - its name in the literature
    sensitive: Sensitive | None = None

    def __post_init__(self) -> None:
        if self.k < LEAST_K:
            raise ValueError(f"k is at least {LEAST_K}")
        if self.l < 1:
            raise ValueError("l is at least 1")


@dataclass(frozen=True)
class Anonymised:
    """How each row is published: ``levels`` is int8 (rows, columns), -1 where it is not."""

    columns: tuple[Column, ...]
    levels: NDArray[np.int8]

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Whether each row is published, bool (rows,)."""
        return self.levels[:, 0] != SUPPRESSED

    def codes(self, number: int) -> NDArray[np.int64]:
        """Return the published code of each row in a column, counted over all its levels.

        -1 where the row is not published.
        """
        column = self.columns[number]
        found = np.full(len(self.levels), -1, dtype=np.int64)
        offset = 0
        for level, codes in enumerate(column.hierarchy.codes):
            rows = self.levels[:, number] == level
            found[rows] = offset + codes[column.values[rows]]
            offset += len(column.hierarchy.labels[level])
        return found

    def texts(self, number: int) -> list[str | None]:
        """Return the published text of each row in a column; None where it is not published."""
        all_labels: list[str | None] = []
        for labels in self.columns[number].hierarchy.labels:
            all_labels.extend(labels)
        all_labels.append(None)
        return [all_labels[code] for code in self.codes(number).tolist()]


@dataclass
class _Published:
    """Which plain values stand in which class so far, by the levels of the other columns."""

    plain: dict[Node, NDArray[np.int64]] = field(default_factory=dict)


def anonymise(columns: Sequence[Column], people: NDArray[np.int64], rule: Rule) -> Anonymised:
    """Return the level at which each value of each row is published.

    ``people``: int array (rows,), who each row is about; a negative number is somebody unknown,
    who may be anybody and so counts for nobody. Raises ValueError for columns that do not fit.
    """
    _refuse_misfits(columns, people)
    levels = np.full((len(people), len(columns)), SUPPRESSED, dtype=np.int8)
    rest = np.arange(len(people))
    known = np.unique(people, return_inverse=True)[1] if len(people) else people
    numbered = np.where(people < 0, -1, known).astype(np.int64)
    so_far = _Published()
    for node in _nodes(columns):
        if not len(rest):
            break
        good = _good_rows(columns, node, rest, numbered, rule, so_far)
        levels[rest[good]] = node
        rest = rest[~good]
    return Anonymised(tuple(columns), levels)


def _good_rows(
    columns: Sequence[Column], node: Node, rest: NDArray[np.int64], people: NDArray[np.int64],
    rule: Rule, so_far: _Published,
) -> NDArray[np.bool_]:  # fmt: skip
    """Return which of the remaining rows are published at a node."""
    codes = [
        column.hierarchy.codes[level][column.values[rest]]
        for column, level in zip(columns, node, strict=True)
    ]
    sizes = [
        len(column.hierarchy.labels[level]) for column, level in zip(columns, node, strict=True)
    ]
    group, firsts = groups_of(codes, sizes)
    enough = people_of(group, people[rest], len(firsts)) >= rule.k
    if rule.sensitive is not None and rule.l > 1 and enough.any():
        named = [code[firsts] for code in codes]
        found = _diversity(columns, node, named, enough, rule.sensitive, so_far)
        says, _plain = rule.sensitive.kinds(
            columns[rule.sensitive.column].hierarchy, node[rule.sensitive.column]
        )
        enough &= ~says[named[rule.sensitive.column]] | (found >= rule.l - 1)
    return enough[group]


def _diversity(
    columns: Sequence[Column], node: Node, codes: list[NDArray[np.int64]],
    enough: NDArray[np.bool_], sensitive: Sensitive, so_far: _Published,
) -> NDArray[np.int64]:  # fmt: skip
    """Note the plain values that are published here; return how many stand beside each group."""
    number = sensitive.column
    hierarchy, level = columns[number].hierarchy, node[number]
    _says, plain = sensitive.kinds(hierarchy, level)
    others = (*node[:number], *node[number + 1 :])
    context = np.zeros(len(enough), dtype=np.int64)
    for place, (column, at) in enumerate(zip(columns, node, strict=True)):
        if place != number:
            context = context * len(column.hierarchy.labels[at]) + codes[place]
    offset = sum(len(labels) for labels in hierarchy.labels[:level])
    width = sum(len(labels) for labels in hierarchy.labels)
    marked = enough & plain[codes[number]]
    new = context[marked] * width + offset + codes[number][marked]
    so_far.plain[others] = np.union1d(so_far.plain.get(others, new[:0]), new)
    return diversity_of(so_far.plain[others] // width, context)


def _nodes(columns: Sequence[Column]) -> list[Node]:
    """Return the levels of all columns together, those that lose least first.

    What a level loses is the mean penalty over the rows; the sums are of whole numbers, so that
    the order of the rows cannot change them.
    """
    costs = []
    for column in columns:
        rows = np.bincount(column.values, minlength=column.hierarchy.size)
        costs.append(
            [_cost(column.hierarchy, level, rows) for level in range(column.hierarchy.top + 1)]
        )
    ranges = [range(column.finest, column.hierarchy.top + 1) for column in columns]
    return sorted(
        product(*ranges),
        key=lambda node: (
            round(sum(costs[number][level] for number, level in enumerate(node)), 9),
            node,
        ),
    )


def _cost(hierarchy: Hierarchy, level: int, rows: NDArray[np.int64]) -> float:
    if hierarchy.size < 2:
        return float(level == hierarchy.top)
    hidden = hierarchy.leaves(level)[hierarchy.codes[level]] - 1
    return int(hidden @ rows) / ((hierarchy.size - 1) * max(int(rows.sum()), 1))


def _refuse_misfits(columns: Sequence[Column], people: NDArray[np.int64]) -> None:
    if not columns:
        raise ValueError("there must be a column")
    for column in columns:
        if column.values.shape != people.shape or people.ndim != 1:
            raise ValueError("every column needs a value for each row")
        if not 0 <= column.finest <= column.hierarchy.top:
            raise ValueError("the finest level asked for is none of the hierarchy")
        if len(people) and not (
            column.values.min() >= 0 and column.values.max() < column.hierarchy.size
        ):
            raise ValueError("a value is none of the hierarchy")
