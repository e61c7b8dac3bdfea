"""The header of a letter or of a part: fields, encoded words, addresses.

Fields are read from the bytes: the standard library's own header objects fail on some garbage,
and take long over some more.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses

from linli.engines.mail.charsets import decoded

MOST_FIELDS, LONGEST_FIELD = 400, 20_000
_WORD = re.compile(rb"=\?([A-Za-z0-9_.:\-]+)(?:\*[A-Za-z\-]*)?\?([bBqQ])\?([^?\s]*)\?=")
_BETWEEN_WORDS = re.compile(rb"(\?=)[ \t\r\n]+(?==\?[A-Za-z0-9_.:\-]+(?:\*[A-Za-z\-]*)?\?[bBqQ]\?)")
_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~.\-]{1,64}"
    r"@(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9\-]{0,61}[a-z0-9]"
)
ADDRESS_MAX = 190


@dataclass(frozen=True)
class Header:
    """The fields of a header in their order: small names with raw values, unfolded."""

    fields: tuple[tuple[str, bytes], ...]

    def all(self, name: str) -> list[bytes]:
        """Return every value of a field, topmost first."""
        return [value for known, value in self.fields if known == name]

    def raw(self, name: str) -> bytes:
        """Return the first value of a field, empty where there is none."""
        return next(iter(self.all(name)), b"")

    def text(self, name: str) -> str:
        """Return the first value of a field as people read it, in one line."""
        return " ".join(worded(self.raw(name)).split())

    def parameters(self, name: str) -> tuple[str, dict[str, str]]:
        """Return the value of a field such as Content-Type, small, and its parameters."""
        message = Message()
        message["content-type"] = self.raw(name)[:4_000].decode("latin-1")
        try:
            found = message.get_params(failobj=[], unquote=True) or []
            if not found:
                return "", {}
            told = {key.lower(): _parameter(key, value) for key, value in found[1:] if key}
            return str(found[0][0]).strip().lower(), told
        except (ValueError, TypeError, LookupError, UnicodeError):
            return _ascii(self.raw(name)).partition(";")[0].strip().lower(), {}


def read_header(block: bytes) -> Header:
    """Return the fields of a header block; lines that are none are left out."""
    fields: list[tuple[str, bytes]] = []
    for line in block.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"):
        if line[:1] in (b" ", b"\t") and fields:
            name, value = fields[-1]
            if len(value) < LONGEST_FIELD:
                fields[-1] = (name, value + b" " + line.strip()[:LONGEST_FIELD])
            continue
        name_, colon, value = line.partition(b":")
        if colon and 0 < len(name_) <= 80 and name_.strip() and len(fields) < MOST_FIELDS:
            name = name_.strip().lower().decode("ascii", "replace")
            fields.append((name, value.strip()[:LONGEST_FIELD]))
    return Header(tuple(fields))


def worded(value: bytes) -> str:
    """Return a raw value with its encoded words read (RFC 2047), in any charset.

    Neighbouring words of one charset are joined before they are read: mailers cut a Chinese
    letter in two.
    """
    value = _BETWEEN_WORDS.sub(rb"\1", value)
    found: list[str] = []
    run: tuple[str, bytes] = ("", b"")
    end = 0
    for word in _WORD.finditer(value):
        charset, content = word[1].decode("ascii").lower(), _content(word[2], word[3])
        if word.start() > end or charset != run[0]:
            found.append(decoded(run[1], run[0]))
            found.append(decoded(value[end : word.start()]))
            run = (charset, content)
        else:
            run = (charset, run[1] + content)
        end = word.end()
    found.append(decoded(run[1], run[0]))
    return "".join(found) + decoded(value[end:])


def _content(kind: bytes, content: bytes) -> bytes:
    if kind in b"qQ":
        return quopri.decodestring(content.replace(b"_", b" "), header=False)
    return unbase64(content)


def unbase64(content: bytes) -> bytes:
    """Return what base64 stands for, as far as it can be read."""
    plain = re.sub(rb"[^A-Za-z0-9+/]", b"", content)
    plain = plain[: len(plain) - 1] if len(plain) % 4 == 1 else plain
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return b""


def addresses(value: bytes) -> list[tuple[str, str]]:
    """Return names and addresses of a field; what is no plain address is left out.

    Display names are read after the addresses were found, so that none can pose as an address.
    """
    try:
        found = getaddresses([_ascii(value[:LONGEST_FIELD])])
    except (ValueError, IndexError, TypeError, RecursionError):
        return []
    told = ((worded(_raw(name)), address.strip().lower()) for name, address in found)
    return [(" ".join(name.split()), address) for name, address in told if is_address(address)]


def is_address(text: str) -> bool:
    """Whether a text is an e-mail address one may write to."""
    return len(text) <= ADDRESS_MAX and _ADDRESS.fullmatch(text) is not None


def _ascii(value: bytes) -> str:
    return value.decode("ascii", "surrogateescape")


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _parameter(name: str, value: object) -> str:
    """Return a parameter as people read it, also in the two encodings mailers use for names.

    The standard library gives a triple for one encoded by RFC 2231; bytes stand as Latin-1.
    """
    charset, text = (value[0], value[2]) if isinstance(value, tuple) else ("", value)
    raw = str(text).encode("latin-1", "replace")
    if isinstance(value, tuple):
        return decoded(raw, charset or "")
    return str(text) if name.lower() == "boundary" else worded(raw)
