"""Dealing texts so that none comes twice before all the others were there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

T = TypeVar("T")


class Deck(Generic[T]):
    """Deals items in random order, each once a round, and never one twice running."""

    def __init__(self, items: Sequence[T], random: Random) -> None:
        if not items:
            raise ValueError("nothing to deal")
        self._items, self._random = list(items), random
        self._left: list[T] = []
        self._last: T | None = None

    def deal(self) -> T:
        """Return the next item."""
        if not self._left:
            self._left = self._random.sample(self._items, len(self._items))
            if self._left[-1] == self._last:
                self._left.reverse()
        self._last = self._left.pop()
        return self._last
