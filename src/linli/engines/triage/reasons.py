"""Which words decided: the pieces that spoke most for a code, joined where they touch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from linli.engines.triage.grams import grams, places_of, plain

MOST_WORDS = 5
MOST_PIECES = 8
LONGEST_WORD = 8  # characters; longer than that, it marks sentences, not words
SMALLEST_SHARE = 0.02  # of all that speaks for the code


@dataclass(frozen=True)
class Reason:
    """A word of the text that spoke for a code; ``share`` of all that spoke for it.

    ``text[start:end] == word`` for the text as it was given.
    """

    word: str
    start: int
    end: int
    share: float


def reasons_in(text: str, said: Mapping[str, float]) -> tuple[Reason, ...]:
    """Return the deciding words in the order of the text; each word once, where it first stands.

    ``said``: how much each piece spoke for the code; what spoke against it is left out.
    """
    total = sum(value for value in said.values() if value > 0)
    if total <= 0:
        return ()
    strongest = sorted(
        (gram for gram, value in said.items() if value >= SMALLEST_SHARE * total and len(gram) > 1),
        key=lambda gram: (-said[gram], gram),
    )[:MOST_PIECES]
    wanted = set(strongest)
    spans: list[list[int]] = []
    read = plain(text)
    places = [(at, at + len(gram)) for gram in strongest for at in places_of(gram, read)]
    for start, end in sorted(places):
        last = spans[-1] if spans else None
        if last and start < last[1] and end - last[0] <= LONGEST_WORD:
            last[1] = max(last[1], end)
        elif not last or start >= last[1]:
            spans.append([start, end])
    return _told(text, spans, {gram: said[gram] / total for gram in wanted})


def _told(text: str, spans: list[list[int]], shares: Mapping[str, float]) -> tuple[Reason, ...]:
    found: dict[str, Reason] = {}
    for start, end in spans:
        word = text[start:end]
        if word not in found:
            share = sum(shares.get(gram, 0.0) for gram in set(grams(plain(word))))
            found[word] = Reason(word, start, end, share)
    best = sorted(found.values(), key=lambda one: -one.share)[:MOST_WORDS]
    return tuple(sorted(best, key=lambda one: one.start))
