"""The parts of a letter (RFC 2045, 2046), found by hand so that their number is bounded.

A letter of a million parts, or of a thousand nested ones, costs no more than a plain one: beyond
the limits nothing is looked at. Letters inside letters are not opened.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass

from linli.engines.mail.headers import Header, read_header, unbase64

MOST_PARTS, DEEPEST = 60, 8
LONGEST_HEADER = 64 * 1024  # bytes
_END = re.compile(rb"\r?\n\r?\n|\r\r")


@dataclass(frozen=True)
class Part:
    """One part that is not made of others: its header, and its content as it was sent."""

    header: Header
    kind: str  # small: "text/plain"
    parameters: dict[str, str]
    encoded: bytes

    def content(self) -> bytes:
        """Return the content with its transfer encoding undone."""
        encoding = self.header.raw("content-transfer-encoding").strip().lower()
        if encoding == b"base64":
            return unbase64(self.encoded)
        if encoding == b"quoted-printable":
            return quopri.decodestring(self.encoded)
        return self.encoded

    @property
    def name(self) -> str:
        """The name of the file, empty where it has none."""
        disposition = self.header.parameters("content-disposition")[1]
        return disposition.get("filename") or self.parameters.get("name", "")

    @property
    def is_attached(self) -> bool:
        """Whether the sender meant it as a file rather than as words."""
        disposition = self.header.parameters("content-disposition")[0]
        return disposition == "attachment" or bool(self.name)


@dataclass
class _Left:
    parts: int = MOST_PARTS


def split_header(content: bytes) -> tuple[bytes, bytes]:
    """Return the header block and what follows; a header without end is cut at the limit."""
    found = _END.search(content, 0, LONGEST_HEADER)
    if content[:1] == b"\n" or content[:2] == b"\r\n":  # no header at all
        return b"", content.removeprefix(b"\r").removeprefix(b"\n")
    if found is None:
        return content[:LONGEST_HEADER], content[LONGEST_HEADER:]
    return content[: found.start()], content[found.end() :]


def parts_of(header: Header, body: bytes) -> Iterator[Part]:
    """Yield the parts of a letter in their order, at most `MOST_PARTS`."""
    yield from _walk(header, body, 0, _Left())


def _walk(header: Header, body: bytes, depth: int, left: _Left) -> Iterator[Part]:
    kind, parameters = header.parameters("content-type")
    boundary = parameters.get("boundary", "")
    if kind.startswith("multipart/") and boundary:
        if depth < DEEPEST:
            for piece in _pieces(body, boundary, left):
                block, inner = split_header(piece)
                yield from _walk(read_header(block), inner, depth + 1, left)
        return
    yield Part(header, kind or "text/plain", parameters, body)


def _pieces(body: bytes, boundary: str, left: _Left) -> Iterator[bytes]:
    """Yield what stands between the lines of a boundary, as long as parts are left."""
    mark = b"--" + boundary.encode("latin-1", "replace")[:200]
    lines = re.compile(rb"(?:^|\n)" + re.escape(mark) + rb"(--)?[ \t]*(?=\r?\n|$)")
    begins: int | None = None
    for line in lines.finditer(body):
        if begins is not None:
            left.parts -= 1  # also for one that is empty, or made of others
            yield (
                body[begins : line.start()]
                .removesuffix(b"\r")
                .removeprefix(b"\r")
                .removeprefix(b"\n")
            )
        if line[1] or left.parts <= 0:
            return
        begins = line.end()
    if begins is not None:
        left.parts -= 1
        yield body[begins:].removeprefix(b"\r").removeprefix(b"\n")
