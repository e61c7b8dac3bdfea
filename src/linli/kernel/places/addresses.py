"""Addresses as people write them, brought to one form and found again.

The same normal form is made of what is stored and of what is asked for, so a rule that changes
both alike does no harm: 东湖路一号 2 幢, 东湖路１号2号楼 and 东湖路1号2栋 are one address.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.db.models import Q
from django.db.models.functions import Length

from linli.kernel.places.models import Address

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community

LONGEST = 60  # characters of a question that are looked at
SENTENCES = 8  # of a longer text that are looked at for an address
SHORTEST = 4  # an address of fewer characters is not looked for inside a sentence

_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {
    "零": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8,
    "玖": 9,
}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100}
_UNITS = "号楼|号院|号|栋|幢|座|单元|楼|层|室|户|门|弄|巷|组|期|区|排|#"
_CHINESE_NUMBER = re.compile(rf"([{''.join(_DIGITS)}{''.join(_TENS)}]+)(?=(?:{_UNITS}))")
_TRADITIONAL = str.maketrans("號棟單層戶門區樓", "号栋单层户门区楼")
_DASHES = re.compile(r"[‐‑‒–—―−－~～]+")
_NOISE = re.compile(r"[\s,，.。、;；:：!！?？\"'“”‘’()（）\[\]【】·]+")
_BUILDING = re.compile(r"(?<=[0-9a-z])(?:号楼|幢|座|#楼|#栋|#)")
_LEADING_ZEROS = re.compile(r"(?<![0-9a-z-])0+(?=[0-9])")


def normalise(text: str, *prefixes: str) -> str:
    """Return the form in which two spellings of one address are equal.

    Full width becomes half width, Chinese numerals before a measure become digits, 号楼, 幢 and
    座 become 栋, spaces and punctuation go, and so does a leading name among ``prefixes`` (of
    the community). The form of a form is itself.
    """
    found = _plain(text)
    for prefix in sorted(filter(None, map(_plain, prefixes)), key=len, reverse=True):
        while found.startswith(prefix) and len(found) > len(prefix):
            found = found[len(prefix) :]
    return found


def _plain(text: str) -> str:
    found = unicodedata.normalize("NFKC", text).lower().translate(_TRADITIONAL)
    found = _NOISE.sub("", _DASHES.sub("-", found))
    found = _CHINESE_NUMBER.sub(lambda match: _number(match[1]), found)
    return _LEADING_ZEROS.sub("", _BUILDING.sub("栋", found))


def _number(text: str) -> str:
    """Return a Chinese numeral as digits: 十二 → 12, 一百零五 → 105, 三〇二 → 302."""
    if not any(character in _TENS for character in text):
        return "".join(str(_DIGITS[character]) for character in text)
    total, current = 0, 0
    for character in text:
        if character in _TENS:
            total, current = total + max(current, 1) * _TENS[character], 0
        else:
            current = _DIGITS[character]
    return str(total + current)


def match_address(community: Community, text: str) -> tuple[Address | None, list[Address]]:
    """Return the one address a text means, or None and those it may mean.

    It means an address when it holds one whole (the longest counts), or when it is the beginning
    of one alone and names a number. At most two queries.
    """
    asked = normalise(text, community.name)[:LONGEST]
    if len(asked) < SHORTEST:
        return None, []
    rows = Address.objects.select_related("area").filter(community=community)
    held = [
        address
        for address in rows.filter(normalised__in=_pieces(asked))
        if _stands_alone(address.normalised, asked)
    ]
    if held:
        longest = max(len(address.normalised) for address in held)
        best = [address for address in held if len(address.normalised) == longest]
        return (best[0], []) if len(best) == 1 else (None, best)
    if not any(character.isdigit() for character in asked):
        return None, []
    found = [
        address
        for address in rows.filter(normalised__contains=asked).order_by("normalised")[:200]
        if _stands_alone(asked, address.normalised)
    ]
    return (found[0], []) if len(found) == 1 else (None, found)


def address_named_in(community: Community, text: str) -> Address | None:
    """Return the address a longer text names whole, if it names one alone, else None.

    Looked for are its sentences that hold a number, at most `SENTENCES`; one query each.
    """
    found: dict[int, Address] = {}
    for sentence in _with_numbers(text):
        address, _others = match_address(community, sentence)
        # Only the beginning of an address is no place to be sure of.
        if address and address.normalised in normalise(sentence, community.name):
            found[address.pk] = address
    return next(iter(found.values())) if len(found) == 1 else None


def _with_numbers(text: str) -> list[str]:
    pieces = re.split(r"[\n。！？!?；;]+", unicodedata.normalize("NFKC", text))
    numbered = [
        piece for piece in pieces if re.search(rf"\d|[{''.join(_DIGITS)}](?=[{_UNITS}])", piece)
    ]
    windows = (
        piece[begin : begin + LONGEST]
        for piece in numbered
        for begin in range(0, max(1, len(piece) - LONGEST // 2), LONGEST // 2)
    )
    return list(dict.fromkeys(windows))[:SENTENCES]


def _pieces(text: str) -> set[str]:
    return {
        text[begin:end]
        for begin in range(len(text))
        for end in range(begin + SHORTEST, len(text) + 1)
    }


def _stands_alone(part: str, whole: str) -> bool:
    """Whether ``part`` occurs in ``whole`` without cutting a number: 1栋 is not in 11栋."""
    pattern = re.escape(part)
    if part[:1].isdigit():
        pattern = "(?<![0-9])" + pattern
    if part[-1:].isdigit():
        pattern += "(?![0-9])"
    return re.search(pattern, whole) is not None


def suggest_addresses(community: Community, text: str, limit: int = 8) -> list[Address]:
    """Return addresses that go with what was typed so far: beginnings first, then the rest.

    Where nothing holds the whole text, its longest part up to a number that something begins
    with. At most four queries.
    """
    asked = normalise(text, community.name)[:LONGEST]
    rows = Address.objects.filter(community=community)
    for part in _ever_shorter(asked):
        found = list(
            rows.filter(normalised__startswith=part).order_by(Length("normalised"), "normalised")[
                :limit
            ]
        )
        if part == asked and len(found) < limit:
            others = rows.filter(~Q(normalised__startswith=part), normalised__contains=part)
            found += others.order_by("normalised")[: limit - len(found)]
        if found:
            return found
    return []


def _ever_shorter(asked: str) -> list[str]:
    """Return the text, and the text without its last one and last two numbered parts."""
    parts = re.findall(r"[^0-9]*[0-9]+[^0-9]*|[^0-9]+", asked)
    beginnings = ("".join(parts[: len(parts) - cut]) for cut in range(3))
    return [beginning for beginning in dict.fromkeys(beginnings) if beginning]
