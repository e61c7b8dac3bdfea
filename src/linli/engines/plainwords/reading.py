"""Counting sentences, words and syllables, and how easy a text is to read."""

from __future__ import annotations

import re

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
# A full stop ends an English sentence only before a space: 3.5 and example.org go on.
_END = re.compile(r"(?<=[。！？!?；;])|(?<=\.)(?=\s)|\n+")
_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*|\d[\d.,:/-]*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^aeioutdy]ed|[^laeiouy]e)$")


def looks_chinese(text: str) -> bool:
    """Whether at least a fifth of the letters are Chinese characters."""
    letters = _LETTER.findall(text)
    return 5 * len(_HAN.findall(text)) >= len(letters) > 0


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each with its own end, without those that hold no word."""
    found = (part.strip() for part in _END.split(text))
    return [part for part in found if _LETTER.search(part) or re.search(r"\d", part)]


def words(text: str) -> list[str]:
    """Return the words of a text in Latin letters, and its numbers."""
    return _WORD.findall(text)


def length_of(sentence: str, *, chinese: bool) -> int:
    """Return how long a sentence is: characters without punctuation, or words."""
    if not chinese:
        return len(words(sentence))
    return sum(1 for letter in sentence if letter.isalnum())


def syllables(word: str) -> int:
    """Return about how many syllables an English word has; a number or an abbreviation has one.

    Groups of vowels are counted, a silent ending is not: right for some nine words in ten, which
    is enough for an average.
    """
    plain = word.lower()
    if not plain.isascii() or not any(letter.isalpha() for letter in plain):
        return 1
    spoken = _SILENT.sub(lambda found: found.group()[:1], plain)
    return max(1, len(_VOWELS.findall(spoken)))


def reading_ease(text: str) -> float:
    """Return Flesch's reading ease of an English text: 60 and more is plain, below 30 very hard.

    206.835 - 1.015 x words per sentence - 84.6 x syllables per word; R. Flesch, "A new readability
    yardstick", Journal of Applied Psychology 32 (1948), 221-233. Raises ValueError without words.
    """
    said, spoken = sentences(text), words(text)
    if not spoken:
        raise ValueError("no words to read")
    per_sentence = len(spoken) / max(1, len(said))
    per_word = sum(syllables(word) for word in spoken) / len(spoken)
    return 206.835 - 1.015 * per_sentence - 84.6 * per_word
