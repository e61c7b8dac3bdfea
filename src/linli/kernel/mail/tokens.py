"""By what an answer finds its matter: a token only we can make, never the address it comes from.

It names matter and person and is signed with the master key: 96 bits that nobody guesses.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from typing import TYPE_CHECKING

from linli.kernel.people.secrets import master_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEY_BYTES, _MAC_BYTES = 6, 12
LENGTH = 39  # letters and digits: 24 bytes in base 32
_TOKEN = re.compile(rf"(?<![a-z2-7])[a-z2-7]{{{LENGTH}}}(?![a-z2-7])")


def reply_token(matter: int, person: int) -> str:
    """Return the token that stands in what we write to a person about a matter."""
    named = matter.to_bytes(_KEY_BYTES) + person.to_bytes(_KEY_BYTES)
    whole = named + _mac(master_keys()[0], named)
    return base64.b32encode(whole).decode().rstrip("=").lower()


def answered(*texts: str) -> tuple[int, int] | None:
    """Return keys of matter and person of the first token in these texts that is ours, or None."""
    return next(iter(_found(texts)), None)


def _found(texts: Iterable[str]) -> Iterable[tuple[int, int]]:
    for text in texts:
        for token in _TOKEN.findall(text.lower()):
            try:
                whole = base64.b32decode(token.upper() + "=")
            except (binascii.Error, ValueError):
                continue
            named, mac = whole[: 2 * _KEY_BYTES], whole[2 * _KEY_BYTES :]
            if any(hmac.compare_digest(mac, _mac(master, named)) for master in master_keys()):
                yield (
                    int.from_bytes(named[:_KEY_BYTES]),
                    int.from_bytes(named[_KEY_BYTES:]),
                )


def _mac(master: str, named: bytes) -> bytes:
    return hmac.new(master.encode(), b"mail-reply" + named, hashlib.sha256).digest()[:_MAC_BYTES]
