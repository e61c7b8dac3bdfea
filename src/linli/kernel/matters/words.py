"""Words a text can be found by: the same on every database.

Chinese has no spaces, so a run of its characters is found by pairs (路灯坏了 → 路灯 灯坏 坏了 了);
everything else by whole words. Words hold letters and digits alone; marks such as ``_r5`` (lies
with organisation 5) begin with an underscore, so no text can be mistaken for one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

MOST_WORDS = 3_000
LONGEST_WORD = 60
# Ideographs and kana, which are written without spaces.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"([{_UNSPACED}]+)|((?:(?![{_UNSPACED}])[^\\W_])+)")


def words_of(text: str) -> list[str]:
    """Return the words of a text, each once, in the order they first come."""
    found: dict[str, None] = {}
    for run, word in _runs(text):
        if run:
            found.update(dict.fromkeys(run[at : at + 2] for at in range(len(run))))
        else:
            found[word[:LONGEST_WORD]] = None
    return list(found)[:MOST_WORDS]


def _runs(text: str) -> list[tuple[str, str]]:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\x00", " ")
    spaced = re.sub(r"(?<=\d)(?=[^\W\d])|(?<=[^\W\d])(?=\d)", " ", plain)
    return _RUN.findall(spaced)


@dataclass(frozen=True)
class Wanted:
    """What an entry must hold: every word, every beginning, and one word of each choice."""

    words: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    choices: tuple[tuple[str, ...], ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.words or self.beginnings)

    def among(self, *marks: str) -> Wanted:
        """Return the same with one of these marks required; none given changes nothing."""
        if not marks:
            return self
        return Wanted(self.words, self.beginnings, (*self.choices, marks))

    def to_tsquery(self) -> str:
        """Return it as PostgreSQL's ``tsquery``."""
        parts = [f"'{word}'" for word in self.words]
        parts += [f"'{word}':*" for word in self.beginnings]
        parts += ["(" + " | ".join(f"'{mark}'" for mark in marks) + ")" for marks in self.choices]
        return " & ".join(parts)

    def to_fts5(self, column: str) -> str:
        """Return it as a full-text query of SQLite over one column."""
        parts = [f'"{word}"' for word in self.words]
        parts += [f'"{word}" *' for word in self.beginnings]
        parts += ["(" + " OR ".join(f'"{mark}"' for mark in marks) + ")" for marks in self.choices]
        return f"{column} : (" + " AND ".join(parts) + ")"


def wanted(text: str) -> Wanted:
    """Return what to look for when somebody types ``text``.

    A single ideograph finds every pair that begins with it; a word finds those it begins.
    """
    pairs: dict[str, None] = {}
    beginnings: dict[str, None] = {}
    for run, word in _runs(text[:200]):
        if word:
            beginnings[word[:LONGEST_WORD]] = None
        elif len(run) == 1:
            beginnings[run] = None
        else:
            pairs.update(dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1)))
    return Wanted(tuple(pairs)[:30], tuple(beginnings)[:10])
