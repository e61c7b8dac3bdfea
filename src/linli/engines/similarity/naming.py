"""What a topic is called: a sentence out of its own messages, and the places they name."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linli.engines.similarity.topics import Message

LONGEST = 40  # characters of a name
PLACES = 3  # place words shown at most
_SENTENCE_ENDS = re.compile(r"(?<=[。！？!?；;])")
_CLAUSE_ENDS = "，,、：:—— "
_TRAILING = "。，,、；;：: .…!！"


def name_of(members: Sequence[Message]) -> str:
    """Return the title of the most central message that has one, trimmed; or its first sentence.

    ``members``: most central first. Empty only where no message says anything.
    """
    for said in (*(one.title for one in members), *(one.text for one in members)):
        if name := trimmed(said):
            return name
    return ""


def trimmed(said: str, longest: int = LONGEST) -> str:
    """Return the first sentence without closing marks, cut where a clause ends if too long.

    A question keeps its mark.
    """
    plain = " ".join(said.split())
    sentence = next((part for part in map(_closed, _SENTENCE_ENDS.split(plain)) if part), "")
    if len(sentence) <= longest:
        return sentence
    cut = sentence[: longest - 1]
    clause = max(cut.rfind(mark) for mark in _CLAUSE_ENDS)
    return (cut[:clause] if clause >= longest // 2 else cut).rstrip(_TRAILING) + "…"


def _closed(sentence: str) -> str:
    return sentence.strip().rstrip(_TRAILING)


def common_areas(members: Iterable[Message]) -> tuple[str, ...]:
    """Return the areas the messages name, the most named first."""
    return _most_named(area for one in members for area in one.areas or ())


def common_places(members: Sequence[Message], most: int = PLACES) -> tuple[str, ...]:
    """Return the place words most messages name, none that only one of three or more names."""
    named = Counter(place for one in members for place in set(one.places))
    least = 2 if len(members) > 2 else 1
    often = [place for place, times in named.items() if times >= least]
    return tuple(sorted(often, key=lambda place: (-named[place], place)))[:most]


def _most_named(names: Iterable[str]) -> tuple[str, ...]:
    times = Counter(names)
    return tuple(sorted(times, key=lambda name: (-times[name], name)))
