"""Which pieces of text are kept, and how much each says."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]

Counts = Mapping[str, float]


@dataclass(frozen=True)
class Vocabulary:
    """The kept pieces with their weights: the rarer a piece, the more it says (tf-idf)."""

    places: dict[str, int]  # piece → row
    rarity: NDArray[np.float32]  # ln((1 + texts) / (1 + texts with it)) + 1

    @classmethod
    def of(
        cls,
        texts: Sequence[Counts],
        others: Iterable[Iterable[str]] = (),
        descriptions: Iterable[Counts] = (),
        *,
        sources: Sequence[Hashable] | None = None,
        fewest: int = 3,
        most: int = 100_000,
    ) -> Vocabulary:
        """Keep the pieces of ``texts`` that at least ``fewest`` different sources used.

        ``others``: texts without a code, which only say how rare a piece is. ``descriptions``:
        words published with the codes, kept however rare. ``most``: at most so many pieces, the
        commonest. Without ``sources`` each text is a source of its own.
        """
        used = Counter(gram for text in texts for gram in text)
        used_by = used if sources is None else _by_source(texts, sources)
        seen = used.copy()
        number = len(texts)
        for text in others:
            number += 1
            known = used.keys() & set(text)
            seen.update(known)
            if sources is None:
                used_by.update(known)
        public = {gram for text in descriptions for gram in text}
        kept = [gram for gram, count in used_by.items() if count >= fewest or gram in public]
        kept.extend(public - used_by.keys())
        kept = sorted(sorted(kept, key=lambda gram: (-seen[gram], gram))[:most])
        rarity = [math.log((1 + number) / (1 + seen[gram])) + 1 for gram in kept]
        places = {gram: place for place, gram in enumerate(kept)}
        return cls(places, np.array(rarity, dtype=np.float32))

    def vector(self, text: Counts) -> tuple[list[int], NDArray[np.float32]]:
        """Return the rows of the kept pieces and their weights; the weights have length 1."""
        rows = [self.places[gram] for gram in text if gram in self.places]
        if not rows:
            return [], np.zeros(0, dtype=np.float32)
        counts = np.array([text[gram] for gram in text if gram in self.places], dtype=np.float32)
        weights = (1 + np.log(counts)) * self.rarity[rows]
        return rows, weights / np.sqrt((weights * weights).sum())

    def matrix(self, texts: Iterable[Counts]) -> sparse.csr_matrix:
        """Return one `vector` a row."""
        columns: list[int] = []
        values: list[NDArray[np.float32]] = []
        ends = [0]
        for text in texts:
            rows, weights = self.vector(text)
            columns.extend(rows)
            values.append(weights)
            ends.append(len(columns))
        data = np.concatenate(values) if values else np.zeros(0, dtype=np.float32)
        return sparse.csr_matrix((data, columns, ends), shape=(len(ends) - 1, len(self.places)))


def _by_source(texts: Sequence[Counts], sources: Sequence[Hashable]) -> Counter[str]:
    """Return by how many different sources each piece was used."""
    pieces: dict[Hashable, set[str]] = {}
    for text, source in zip(texts, sources, strict=True):
        pieces.setdefault(source, set()).update(text)
    return Counter(gram for own in pieces.values() for gram in own)
