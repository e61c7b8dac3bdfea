"""A text as the pieces the engine counts: runs of one or two Chinese characters, and words.

Chinese is not cut into words: one needs a dictionary for that, and a run of two characters is a
word or the edge of one. Letters are taken word by word. Digits are never taken, and what is
likely a name, a number or an address of a person is blanked first, so that none can be learnt.
"""

from __future__ import annotations

import re
from collections import Counter
from operator import add

LONGEST = 1_500  # characters read of a text; what it is about is said by then
HEADING = 3.0  # a piece in the heading counts as often as three in the text below it
LONGEST_HEADING = 60  # characters

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z]+(?:'[a-z]+)?")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_PERSONAL = re.compile(
    r"https?://[!-~]+|[\w.+*-]{1,64}@[\w.*-]+"  # an address in the web or of mail
    r"|[\d*][\d*\s-]{5,}[\d*xX]?"  # a telephone, an identity card, a bank account
    r"|(?<=我叫)[\u4e00-\u9fff]{2,3}|(?<=我名叫)[\u4e00-\u9fff]{2,3}"
    r"|(?:(?<=姓名)|(?<=联系人)|(?<=联系电话))[:：]?\s*[\u4e00-\u9fff\d]{2,4}",
    re.ASCII,
)


def plain(text: str) -> str:
    """Return the text in small letters, what is personal blanked; every place stays where it was.

    >>> plain("我叫王小明，电话13800000000，Lift坏了")
    '我叫   ,电话           ,lift坏了'
    """
    cut = text[:LONGEST]
    lower = cut.lower()
    if len(lower) != len(cut):  # a letter that grows when made small: İ
        lower = cut
    return _PERSONAL.sub(lambda found: " " * len(found[0]), lower).translate(_WIDE)


def grams(text: str) -> list[str]:
    """Return the pieces of a `plain` text, each as often as it occurs.

    >>> grams("灯坏 ok")
    ['灯', '坏', '灯坏', 'ok']
    """
    found: list[str] = []
    for run in _RUN.findall(text):
        if run[0] <= "z":
            found.append(run)
        else:
            found += run
            found += map(add, run, run[1:])
    return found


def counted(text: str) -> dict[str, float]:
    """Return how often each piece occurs, those of the heading weighed more.

    The heading is the first line, where it is short and more lines follow.
    """
    read = plain(text)
    found: dict[str, float] = Counter(grams(read))  # type: ignore[assignment]
    heading = read.find("\n")
    if 0 < heading <= LONGEST_HEADING and read[heading:].strip():
        for gram in grams(read[:heading]):
            found[gram] += HEADING - 1
    return found


def places_of(gram: str, text: str) -> list[int]:
    """Return where a piece stands in a `plain` text; a word of letters only where it is whole."""
    if gram[0] <= "z":
        return [run.start() for run in _RUN.finditer(text) if run[0] == gram]
    places, at = [], text.find(gram)
    while at >= 0:
        places.append(at)
        at = text.find(gram, at + 1)
    return places
