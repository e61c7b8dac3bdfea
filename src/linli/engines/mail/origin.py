"""Whether the domain of the sender's address stands behind the letter.

Anybody can write any address into From. The server that received the letter has compared it with
what the domain publishes (SPF, DKIM, DMARC) and says so in Authentication-Results (RFC 8601). Only
what the server named in the settings says counts, and only its topmost word: every server writes
above what it was given, so whatever stands lower may be the sender's own invention (section 1.6).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linli.engines.mail.headers import Header

_RESULT = re.compile(r"^\s*([a-z0-9\-]+)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"\b([a-z0-9\-]+\.[a-z0-9\-]+)\s*=\s*(\"[^\"]*\"|[^\s;]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Result:
    """What one method came to: dmarc, pass, {"header.from": "mail.cn"}."""

    method: str
    result: str
    properties: dict[str, str]


def is_confirmed(header: Header, sender: str, server: str) -> bool:
    """Whether the domain of ``sender`` confirms the letter, as ``server`` says.

    DMARC decides where it was looked at (RFC 7489, section 6.6.2). Without it, a DKIM signature or
    an SPF pass of the very domain of the address, or of one it lies in, does (section 3.1).
    """
    if not server or len(header.all("from")) != 1:
        return False
    said = _said_by(header, server)
    domain = sender.rpartition("@")[2]
    dmarc = [one for one in said if one.method == "dmarc"]
    if dmarc:
        about = dmarc[0].properties.get("header.from", domain).lower()
        return dmarc[0].result == "pass" and about == domain
    return any(_aligned(one, domain) for one in said)


def _aligned(one: Result, domain: str) -> bool:
    if one.result != "pass":
        return False
    if one.method == "dkim":
        told = one.properties.get("header.d") or one.properties.get("header.i", "")
    elif one.method == "spf":
        told = one.properties.get("smtp.mailfrom", "")
    else:
        return False
    behind = told.rpartition("@")[2].lower().rstrip(".")
    return "." in behind and (domain == behind or domain.endswith("." + behind))


def _said_by(header: Header, server: str) -> list[Result]:
    """Return the results of the topmost field, if it is the server's."""
    for value in header.all("authentication-results"):
        name, *results = _split(_without_comments(value.decode("ascii", "replace")[:8_000]))
        words = name.split()
        if words and words[0].strip('"').lower() == server.strip().lower():
            return [found for text in results if (found := _result(text)) is not None]
    return []


def _result(text: str) -> Result | None:
    found = _RESULT.match(text)
    if found is None:
        return None
    told = {name.lower(): value.strip('"') for name, value in _PROPERTY.findall(text)}
    return Result(found[1].lower(), found[2].lower(), told)


def _without_comments(text: str) -> str:
    """Return a field without what stands in parentheses, also nested; quoted ones stay."""
    found, depth, quoted, skip = [], 0, False, False
    for character in text:
        if skip:
            skip = False
        elif character == "\\":
            skip = True
            continue
        elif character == '"' and not depth:
            quoted = not quoted
        elif character == "(" and not quoted:
            depth += 1
        elif character == ")" and not quoted and depth:
            depth -= 1
            continue
        if not depth:
            found.append(character)
    return "".join(found)


def _split(text: str) -> list[str]:
    """Return the pieces between semicolons that are not quoted; never empty."""
    found, quoted = [""], False
    for character in text:
        quoted ^= character == '"'
        if character == ";" and not quoted:
            found.append("")
        else:
            found[-1] += character
    return found
