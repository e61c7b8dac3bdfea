"""A letter as plain values: who, what, with which files; whatever the bytes, it never fails but by
`Unreadable`."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linli.engines.mail.charsets import decoded
from linli.engines.mail.headers import Header, addresses, read_header
from linli.engines.mail.parts import LONGEST_HEADER, Part, parts_of, split_header
from linli.engines.mail.plain import text_of_html

if TYPE_CHECKING:
    from typing import Literal

LONGEST_TEXT = 60_000  # characters looked at; a request holds far fewer
MOST_FILES, MOST_FILE_BYTES = 8, 20 * 1024 * 1024
_BARE = {"message/rfc822", "application/ms-tnef", "application/vnd.ms-tnef", "text/calendar",
         "application/pgp-signature", "application/pkcs7-signature"}  # fmt: skip
_TOKENS = re.compile(r"<([^<>\s]{3,300})>")


class Unreadable(ValueError):
    """It cannot be read as a letter; ``why`` names the reason."""

    def __init__(self, why: Literal["header", "sender"]) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Attachment:
    """A file that came with a letter, unchecked: its content is the sender's."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """What a letter says. Nothing of it is to be trusted."""

    header: Header
    sender: str  # an address, small
    name: str  # what the sender is called, or says so
    subject: str
    text: str  # with all it quotes
    message_id: str
    answers: tuple[str, ...]  # Message-IDs it refers to, the nearest first
    to: tuple[str, ...]
    files: tuple[Attachment, ...]
    left_out: tuple[str, ...]  # names of files that were not looked at


def read_letter(raw: bytes) -> Letter:
    """Return what a letter says.

    Raises Unreadable where its header has no end within `LONGEST_HEADER` bytes, or names no
    single sender: RFC 5322, section 3.6 wants one From.
    """
    block, body = split_header(raw)
    if len(block) >= LONGEST_HEADER:
        raise Unreadable("header")
    header = read_header(block)
    senders = addresses(header.raw("from"))
    if len(header.all("from")) != 1 or len(senders) != 1:
        raise Unreadable("sender")
    text, files, left_out = _contents(header, body)
    receivers = [value for name in ("to", "cc", "delivered-to", "x-original-to")
                 for value in header.all(name)[:10]]  # fmt: skip
    return Letter(
        header=header,
        name=senders[0][0][:120],
        sender=senders[0][1],
        subject=header.text("subject")[:400],
        text=text,
        message_id=" ".join(_tokens(header.raw("message-id"))[:1]),
        answers=tuple(_tokens(header.raw("in-reply-to")) + _tokens(header.raw("references"))[::-1]),
        to=tuple(address for value in receivers for _name, address in addresses(value)),
        files=files,
        left_out=left_out,
    )


def mark_of(raw: bytes, letter: Letter | None) -> bytes:
    """Return what a letter is known by again (SHA-256): its Message-ID with its sender, else all
    of it."""
    if letter is not None and letter.message_id:
        return hashlib.sha256(f"{letter.message_id}\n{letter.sender}".encode()).digest()
    return hashlib.sha256(raw).digest()


def _tokens(value: bytes) -> list[str]:
    return _TOKENS.findall(value.decode("ascii", "replace"))[:50]


def _contents(header: Header, body: bytes) -> tuple[str, tuple[Attachment, ...], tuple[str, ...]]:
    """Return the text (plain is preferred), files within the limits, and names of the rest."""
    plain: list[str] = []
    pages: list[str] = []
    files: list[Attachment] = []
    left_out: list[str] = []
    size = 0
    for part in parts_of(header, body):
        if part.kind in ("text/plain", "text/html") and not part.is_attached:
            (plain if part.kind == "text/plain" else pages).append(_text(part))
            continue
        name = part.name[:120] or part.kind[:60]
        if part.kind in _BARE or part.kind.startswith("multipart/") or name == "winmail.dat":
            left_out.append(name)
            continue
        size += len(part.encoded) * 3 // 4
        if len(files) >= MOST_FILES or size > MOST_FILE_BYTES:
            left_out.append(name)
        else:
            files.append(Attachment(name, part.content()))
    written = "\n\n".join(filter(None, plain)) or text_of_html("\n".join(pages))
    return written[:LONGEST_TEXT], tuple(files), tuple(left_out)


def _text(part: Part) -> str:
    # Four bytes are a character at most, and three of an encoding one byte.
    content = Part(part.header, part.kind, part.parameters, part.encoded[: LONGEST_TEXT * 12])
    most = None if part.kind == "text/html" else LONGEST_TEXT
    return decoded(content.content(), part.parameters.get("charset", "")).strip()[:most]
