"""How the values of a column grow coarser, level by level, up to saying nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WITHHELD = ""  # the label of the last level: nothing is said


class NotNested(ValueError):
    """A coarse level parts what a finer one holds together; its text names the two levels."""


@dataclass(frozen=True)
class Hierarchy:
    """A tree over the finest values of a column.

    ``codes[level][value]`` is the code, at a level, of a finest value; ``labels[level][code]`` is
    its text. Level 0 is the finest; the last one has the single label `WITHHELD`.
    """

    levels: tuple[str, ...]
    codes: tuple[NDArray[np.int64], ...]
    labels: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, levels: Sequence[str], paths: Sequence[Sequence[str]]) -> Hierarchy:
        """Build one from the labels of each finest value, fine to coarse, a label a level.

        The level “withheld” is added. Raises NotNested, and ValueError for a path of another
        length than ``levels``.
        """
        if any(len(path) != len(levels) for path in paths):
            raise ValueError("each path needs one label for each level")
        codes: list[NDArray[np.int64]] = []
        labels: list[tuple[str, ...]] = []
        for level in range(len(levels)):
            known = sorted({path[level] for path in paths})
            place = {label: code for code, label in enumerate(known)}
            codes.append(np.array([place[path[level]] for path in paths], dtype=np.int64))
            labels.append(tuple(known))
        codes.append(np.zeros(len(paths), dtype=np.int64))
        labels.append((WITHHELD,))
        made = cls((*levels, "withheld"), tuple(codes), tuple(labels))
        made._refuse_crossings()
        return made

    @property
    def size(self) -> int:
        """The number of finest values."""
        return len(self.codes[0])

    @property
    def top(self) -> int:
        """The number of the level that says nothing."""
        return len(self.levels) - 1

    def leaves(self, level: int) -> NDArray[np.int64]:
        """Return how many finest values lie under each code of a level."""
        return np.bincount(self.codes[level], minlength=len(self.labels[level]))

    def penalties(self, level: int) -> NDArray[np.float64]:
        """Return what is lost by each code of a level, 0 (exact) to 1 (nothing is said).

        The normalised certainty penalty of Xu et al. (2006): the share of the finest values that
        a value cannot be told from.
        """
        if self.size < 2:
            return np.full(len(self.labels[level]), float(level == self.top))
        return (self.leaves(level) - 1) / (self.size - 1)

    def _refuse_crossings(self) -> None:
        for level in range(self.top):
            fine, coarse = self.codes[level].tolist(), self.codes[level + 1].tolist()
            if len(set(zip(fine, coarse, strict=True))) != len(set(fine)):
                raise NotNested(f"{self.levels[level + 1]} parts what {self.levels[level]} holds")
