"""Codes for a text, with how sure one may be and the words that decided."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from linli.engines.triage import learning
from linli.engines.triage.certainty import Certainty
from linli.engines.triage.grams import counted, grams, plain
from linli.engines.triage.reasons import Reason, reasons_in
from linli.engines.triage.vocabulary import Vocabulary

MOST_WEIGHTS = 6_000_000  # pieces × codes; two bytes each, so a model stays under 20 MB
DESCRIBED = "description"


class NothingToLearn(ValueError):
    """There are not two codes with words to tell them apart."""


@dataclass(frozen=True)
class Suggestion:
    """A code, the chance (0 to 1) that it is the right one, and the words that spoke for it."""

    code: str
    confidence: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Triage:
    """A fitted model. ``left_out``: what each text it learnt from scores without itself."""

    codes: tuple[str, ...]
    vocabulary: Vocabulary
    weights: NDArray[np.float16]  # piece × code
    certainty: Certainty
    smoothness: float = 0.0
    left_out: NDArray[np.float64] | None = field(default=None, repr=False, compare=False)

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        codes: Sequence[str],
        *,
        descriptions: Mapping[str, str] | None = None,
        others: Iterable[str] = (),
        sources: Sequence[Hashable] | None = None,
        groups: Sequence[Hashable] | None = None,
        fewest: int = 3,
    ) -> Triage:
        """Learn from texts and the code each was given. Raises NothingToLearn.

        ``descriptions``: words that go with a code, learnt as one more text of it; they are
        enough to begin with. ``others``: texts without a code. ``sources``: who each text is
        from, as any value: a piece is kept only if ``fewest`` different ones used it.
        ``groups``: texts of one group (near-identical ones) never measure each other. Memory
        grows with the square of the number of texts: 5,000 take 800 MB for some seconds.
        """
        if len(texts) != len(codes):
            raise ValueError("as many codes as texts are needed")
        told = descriptions or {}
        names = tuple(sorted({*map(str, codes), *told}))
        if len(names) < 2:
            raise NothingToLearn("fewer than two codes")
        own = [counted(text) for text in texts]
        words = [counted(text) for text in told.values()]
        vocabulary = Vocabulary.of(
            own, (grams(plain(text)) for text in others), words,
            sources=sources, fewest=fewest, most=MOST_WEIGHTS // len(names),
        )  # fmt: skip
        if not vocabulary.places:
            raise NothingToLearn("no word is used often enough")
        index = {code: place for place, code in enumerate(names)}
        placed = np.array([index[code] for code in (*codes, *told)], dtype=np.intp)
        apart: list[Hashable] = list(groups) if groups is not None else list(range(len(texts)))
        apart += [(DESCRIBED, code) for code in told]
        vectors = vocabulary.matrix([*own, *words])
        found = learning.fit(vectors, placed, len(names), apart, measured=len(texts))
        return cls(
            names, vocabulary, found.weights.astype(np.float16), found.certainty,
            found.smoothness, found.left_out[: len(texts)],
        )  # fmt: skip

    def suggest(self, text: str, k: int = 3) -> list[Suggestion]:
        """Return the ``k`` likeliest codes, the likeliest first; none where no word is known."""
        pieces = counted(text)
        rows, weights = self.vocabulary.vector(pieces)
        if not rows or k < 1:
            return []
        said = weights[:, None] * self.weights[rows].astype(np.float32)
        chances = self.certainty.chances(said.sum(axis=0).astype(np.float64))
        best = np.argsort(-chances, kind="stable")[:k]
        known = [gram for gram in pieces if gram in self.vocabulary.places]
        said -= said.mean(axis=1, keepdims=True)
        return [
            Suggestion(
                self.codes[place],
                float(chances[place]),
                reasons_in(text, dict(zip(known, said[:, place].tolist(), strict=True))),
            )
            for place in best
        ]

    def likeliest(self, text: str) -> tuple[str, float] | None:
        """Return the likeliest code and its chance without the words: for judging many texts."""
        rows, weights = self.vocabulary.vector(counted(text))
        if not rows:
            return None
        scores = weights @ self.weights[rows].astype(np.float32)
        chances = self.certainty.chances(scores.astype(np.float64))
        place = int(chances.argmax())
        return self.codes[place], float(chances[place])
