"""What a text is compared by: pairs of characters, words, and the meanings they stand for.

Chinese has no spaces, so its runs are cut into overlapping pairs; other scripts into words and
the three-letter pieces of them, which a slip of the finger leaves mostly whole.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from linli.engines.similarity.meanings import meanings_of

LONGEST = 600  # characters that are compared: who writes more has said what it is by then
MEANING = "="  # begins a shingle that stands for a meaning
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"([{_UNSPACED}]+)|((?:(?![{_UNSPACED}])[^\\W_])+)")
# What every report is full of says nothing about this one.
_POLITE = re.compile(
    "您好|你好|领导|尊敬的|请问|请求|希望|尽快|麻烦|谢谢|感谢|解决一下|处理一下|解决|处理|反映|"
    "有关部门|相关部门|社区|居民|业主|我们|我家|这里|那里|一直|已经|非常|please|thank you|thanks|"
    "hello|dear"
)


@dataclass(frozen=True)
class Shingles:
    """The pieces of a text; ``meanings``: each with the word of the text that says it."""

    plain: str
    pieces: frozenset[str]
    meanings: dict[str, str] = field(hash=False)

    def __bool__(self) -> bool:
        return bool(self.pieces)


@lru_cache(maxsize=8_192)
def shingles(text: str) -> Shingles:
    """Return the pieces of a text; two texts that differ in width, case or marks have the same."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    plain = _POLITE.sub(" ", plain)
    pieces: set[str] = set()
    for run, word in _RUN.findall(plain):
        pieces.update(_of_run(run) if run else _of_word(word))
    found = meanings_of(plain)
    return Shingles(plain, frozenset(pieces | {MEANING + name for name in found}), found)


def _of_run(run: str) -> set[str]:
    return {run[at : at + 2] for at in range(len(run) - 1)} or {run}


def _of_word(word: str) -> set[str]:
    if len(word) < 5 or word.isdecimal():
        return {word}
    return {word, *(word[at : at + 3] for at in range(len(word) - 2))}


def shared_words(one: Shingles, other: Shingles, most: int = 3) -> tuple[str, ...]:
    """Return the longest pieces of text both hold, and pairs of words that mean the same."""
    found: list[str] = []
    at = 0
    plain = one.plain
    while at < len(plain):
        length = _common(plain, at, other.plain)
        words = plain[at : at + length].strip()
        if len(words) > 1 and not words.isdecimal() and words not in found:
            found.append(words)
        at += max(1, length)
    alike = [
        f"{word}～{other.meanings[name]}"
        for name, word in one.meanings.items()
        if name in other.meanings and word != other.meanings[name]
    ]
    longest = sorted(found, key=len, reverse=True)[:most]
    return (*longest, *(pair for pair in alike if not _told(pair, longest)))[:most]


def _common(plain: str, at: int, other: str) -> int:
    """Return how many characters from ``at`` on, all of one run or word, stand in the other."""
    match = _RUN.match(plain, at)
    if match is None:
        return 0
    run, word = match.groups()
    if word:
        whole = re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", other)
        return len(word) if whole and len(word) > 2 else 0
    length = 1
    while length < len(run) and run[: length + 1] in other:
        length += 1
    return length if length > 1 else 0


def _told(pair: str, words: list[str]) -> bool:
    return any(side in word for side in pair.split("～") for word in words)
