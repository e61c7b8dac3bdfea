"""Ranking of a few candidates: place and time first, then the words.

Which reports are candidates at all is asked of whoever keeps them (a bounded query by place and
time); so this holds nothing between questions, needs no warming up, and is right however many
processes ask. Comparing a hundred candidates takes a few milliseconds, which is why there is no
MinHash here: it pays from many thousands on.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from linli.engines.similarity.meanings import VAGUE
from linli.engines.similarity.shingles import MEANING, Shingles, shared_words, shingles

if TYPE_CHECKING:
    from collections.abc import Iterable

METRES_A_DEGREE = 111_320.0  # of latitude, and of longitude at the equator
NEAR = 30.0  # metres: this close is the same place
FAR = 250.0  # metres: this far is another
FORGOTTEN = 120.0  # days after which time speaks against it most
THING_WEIGHT = 3.0  # of a meaning, where a pair of characters weighs 1
VAGUE_WEIGHT = 0.8
SHORT = 3.0  # a text that weighs less is compared as if it weighed this much
ASSUMED = 25  # reports one imagines besides the candidates, so that few of them mislead less
LIKE = 0.25  # the least likeness that is worth a look
LIKE_ANYWHERE = 0.45  # where nothing is known of the place


@dataclass(frozen=True)
class Spot:
    """A point in degrees, WGS 84."""

    longitude: float
    latitude: float

    def metres_to(self, other: Spot) -> float:
        """Return the distance in metres, exact enough within a city."""
        middle = math.radians((self.latitude + other.latitude) / 2)
        east = (other.longitude - self.longitude) * METRES_A_DEGREE * math.cos(middle)
        north = (other.latitude - self.latitude) * METRES_A_DEGREE
        return math.hypot(east, north)


@dataclass(frozen=True)
class Report:
    """What is compared. ``about``: words for its category. ``day``: days since any fixed day."""

    key: Any
    text: str
    spot: Spot | None = None
    day: float = 0.0
    area: Any = None
    about: str = ""


@dataclass(frozen=True)
class Likeness:
    """How like a candidate is (0 to 1), and why: metres and days apart, words both hold."""

    key: Any
    score: float
    words_score: float
    metres: float | None
    days: float
    same_area: bool
    shared: tuple[str, ...]


class SimilarityIndex:
    """Candidates from one place and time, to be compared with reports."""

    def __init__(self, candidates: Iterable[Report]) -> None:
        self._candidates = [(one, shingles(one.text), shingles(one.about)) for one in candidates]
        self._held = Counter(
            piece
            for _one, words, about in self._candidates
            for piece in words.pieces | about.pieces
        )
        self._weights: dict[str, float] = {}

    def nearest(self, report: Report, limit: int = 3, least: float | None = None) -> list[Likeness]:
        """Return the most similar candidates, best first.

        ``least``: the likeness below which nothing is returned; `LIKE`, or `LIKE_ANYWHERE`
        where neither point nor area is known.
        """
        if least is None:
            least = LIKE if report.spot or report.area is not None else LIKE_ANYWHERE
        asked, about = shingles(report.text), shingles(report.about)
        found = []
        for one, words, category in self._candidates:
            score = self._words_score(asked, about, words, category)
            if score >= least:  # place and time can only take away from it
                likeness = _likeness(report, one, score)
                if likeness.score >= least:
                    found.append((likeness, words))
        found.sort(key=lambda pair: (-pair[0].score, pair[0].days, str(pair[0].key)))
        return [_with_words(likeness, asked, words) for likeness, words in found[:limit]]

    def _weight(self, piece: str) -> float:
        """Return how much a piece tells: less the more candidates hold it."""
        weight = self._weights.get(piece)
        if weight is None:
            many = len(self._candidates) + ASSUMED
            weight = math.log((many + 1) / (self._held[piece] + 1)) / math.log(many + 1)
            if piece.startswith(MEANING):
                weight *= VAGUE_WEIGHT if piece[1:] in VAGUE else THING_WEIGHT
            self._weights[piece] = weight
        return weight

    def _words_score(
        self, asked: Shingles, about: Shingles, words: Shingles, category: Shingles
    ) -> float:
        """Mix of what of the shorter is in the longer, and of the cosine of both (TF-IDF).

        What a category's name adds can only explain words of the other side, so that a category
        chosen by hand never makes a text longer than it is.
        """
        explained = _explains(category) & asked.pieces
        explaining = _explains(about) & words.pieces
        if not explained and not explaining and asked.pieces.isdisjoint(words.pieces):
            return 0.0
        ours, theirs = asked.pieces | explaining, words.pieces | explained
        weight = self._weight
        one, other = [weight(piece) for piece in ours], [weight(piece) for piece in theirs]
        common = [weight(piece) for piece in ours & theirs]
        held = sum(common) / max(SHORT, min(sum(one), sum(other)))
        squares = math.sqrt(_squares(one) * _squares(other)) or 1
        return min(1.0, 0.5 * held + 0.5 * _squares(common) / squares)


@lru_cache(maxsize=512)
def _explains(category: Shingles) -> frozenset[str]:
    return category.pieces - {MEANING + name for name in VAGUE}


def _squares(weights: list[float]) -> float:
    return sum(weight * weight for weight in weights)


def _likeness(report: Report, one: Report, words: float) -> Likeness:
    metres = report.spot.metres_to(one.spot) if report.spot and one.spot else None
    same_area = report.area is not None and report.area == one.area
    days = abs(report.day - one.day)
    place = 0.75 if same_area else 0.5
    if metres is not None:
        place = 1 - min(1.0, max(0.0, metres - NEAR) / (FAR - NEAR))
    time = 1 - min(1.0, days / FORGOTTEN)
    score = words * (0.55 + 0.35 * place + 0.10 * time)
    return Likeness(one.key, round(score, 4), round(words, 4), metres, days, same_area, ())


def _with_words(likeness: Likeness, asked: Shingles, words: Shingles) -> Likeness:
    return Likeness(
        likeness.key, likeness.score, likeness.words_score, likeness.metres, likeness.days,
        likeness.same_area, shared_words(asked, words),
    )  # fmt: skip
