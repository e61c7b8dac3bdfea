"""What could be plainer: sentences, words of the office, the passive, and what a reader misses.

Sources. Sentences of at most 25 words: Government Digital Service, "Sentence length: why 25 words
is our limit" (2014). Reading ease: Flesch (1948), see `reading`. Words of the office and a plain
style: 党政机关公文处理工作条例 (2012) art. 19 asks for brief and exact wording even between
offices; a reply to a resident should do no worse. The Chinese length is a working value of ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linli.engines.plainwords.reading import length_of, reading_ease, sentences, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST_CHINESE, LONGEST_ENGLISH = 45, 25
EASY_ENOUGH = 50  # Flesch: 60 is plain, 50 still fair; names of streets and offices weigh
WORDS_FOR_EASE = 20  # an average over fewer means nothing
MOST_FINDINGS = 12

_PASSIVE_CHINESE = re.compile(r"(?:已|将)?(?:被|由有关部门|经有关部门)[\u4e00-\u9fff]{1,8}")
_PASSIVE_ENGLISH = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?(?:not\s+)?"
    r"(?:\w{2,}ed|done|made|taken|given|sent|found|held|kept|put|seen|shown|told)\b",
    re.IGNORECASE,
)
_UNFILLED = re.compile(r"\{\w*\}|\bX{2,}\b|×{2,}|_{3,}|（\s*）|\(\s*\)")
_DATE = {
    "zh-hans": re.compile(
        r"\d{1,2}\s*月\s*\d{1,2}\s*日|\d{4}-\d{1,2}-\d{1,2}|[一二三四五六七八九十两\d]+\s*个?"
        r"(?:工作日|天|日|周|小时|星期|月)(?:内|之内|以内|后|底|前)|今天|明天|后天|本周|下周|月底|当天"
    ),
    "en": re.compile(
        r"\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug"
        r"|Sep|Oct|Nov|Dec)|\b(?:January|February|March|April|May|June|July|August|September"
        r"|October|November|December)\b|\b(?:today|tomorrow|tonight|this week|next week)\b"
        r"|\bwithin\s+\w+\s+(?:working\s+)?(?:hours?|days?|weeks?)"
        r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b",
        re.IGNORECASE,
    ),
}
_CONTACT = {
    "zh-hans": re.compile(
        r"\d{3,4}-?\d{7,8}|1\d{10}|\b1\d{4}\b|电话|联系人|窗口|办公室|联系我们|@"
    ),
    "en": re.compile(
        r"\+?\d[\d\s()-]{5,}\d|\b\d{3}\b|@|\b(?:phone|telephone|call|e-?mail|office|desk)\b",
        re.IGNORECASE,
    ),
}
_NEXT_STEP = {
    "zh-hans": re.compile(
        r"下一步|接下来|我们(?:会|将|要|已)|将(?:于|在|会)|会在|会(?:安排|派|联系|通知|回访)"
        r"|安排|派(?:人|员)|上门|回访|请您"
    ),
    "en": re.compile(
        r"\bwe(?:'ll|’ll| will| are going to| have)\b|\bnext\b|\bwill\b|\bthen\b|\bplease\b",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True)
class Finding:
    """One thing to look at.

    ``kind``: long_sentence, office_word, passive, hard_to_read, no_date, no_contact, no_next_step
    or unfilled. ``words``: the words it is about. ``number``: a length or a measure.
    """

    kind: str
    words: str = ""
    instead: str = ""
    number: int = 0


def check_words(
    text: str,
    language: str,
    *,
    words: Mapping[str, str] | None = None,
    longest: int | None = None,
    needs: frozenset[str] = frozenset(),
) -> list[Finding]:
    """Return what could be plainer in a text, in reading order, at most `MOST_FINDINGS`.

    ``language``: "zh-hans", anything else is read as English. ``words``: words of the office, each
    with what to say instead. ``longest``: when a sentence is long. ``needs``: of "date", "contact"
    and "next_step", what the text has to say.
    """
    chinese = language.startswith("zh")
    limit = longest or (LONGEST_CHINESE if chinese else LONGEST_ENGLISH)
    found: list[Finding] = []
    for sentence in sentences(text):
        length = length_of(sentence, chinese=chinese)
        if length > limit:
            found.append(Finding("long_sentence", sentence, number=length))
    found += _office_words(text, words or {}, chinese=chinese)
    found += [
        Finding("passive", match.group())
        for match in (_PASSIVE_CHINESE if chinese else _PASSIVE_ENGLISH).finditer(text)
    ]
    found += [Finding("unfilled", match.group()) for match in _UNFILLED.finditer(text)]
    found += _missing(text, "zh-hans" if chinese else "en", needs)
    if not chinese:
        found += _hard(text)
    return found[:MOST_FINDINGS]


def _office_words(text: str, listed: Mapping[str, str], *, chinese: bool) -> Iterator[Finding]:
    """Find listed words, the longest first, so that a part of one is not found again."""
    rest = text
    for word in sorted(listed, key=len, reverse=True):
        pattern = re.escape(word) if chinese else rf"\b{re.escape(word)}\b"
        if re.search(pattern, rest, re.IGNORECASE):
            rest = re.sub(pattern, " ", rest, flags=re.IGNORECASE)
            yield Finding("office_word", word, instead=listed[word])


def _missing(text: str, language: str, needs: frozenset[str]) -> Iterator[Finding]:
    for need, patterns in (("date", _DATE), ("contact", _CONTACT), ("next_step", _NEXT_STEP)):
        if need in needs and not patterns[language].search(text):
            yield Finding(f"no_{need}")


def _hard(text: str) -> Iterator[Finding]:
    if len(words(text)) >= WORDS_FOR_EASE and (ease := reading_ease(text)) < EASY_ENOUGH:
        yield Finding("hard_to_read", number=max(0, round(ease)))
