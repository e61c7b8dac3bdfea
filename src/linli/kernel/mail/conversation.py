"""Talking to a mail server: IMAP4rev1 (RFC 9051 and 3501) over TLS from the first byte (RFC 8314).

Only public addresses are called, the certificate must be that of the host, nothing waits beyond the
end, and no answer is read that is longer than it may be: a server may be as hostile as a letter.
"""

from __future__ import annotations

import base64
import imaplib
import re
import socket
import ssl
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from linli.kernel.notify.posting import AddressRefused, certificates, public_addresses

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 60.0  # for a whole conversation
WAIT = 20.0  # for one answer
MOST_BYTES = 64 * 1024 * 1024  # read in a whole conversation
LONGEST_LINE = 1_000_000
WINDOW = 2_000  # UIDs asked about at once
PIECE = 256 * 1024
imaplib.Commands.setdefault("ID", ("NONAUTH", "AUTH", "SELECTED"))


class MailFailure(Exception):
    """The server did not do what it was asked; the message says why, to people."""


class WrongPassword(MailFailure):
    """The server did not let us in."""


@dataclass(frozen=True)
class Folder:
    """What a server says of a folder."""

    uidvalidity: int
    uidnext: int
    number: int  # letters in it


@dataclass(frozen=True)
class Listed:
    """One letter as the server lists it."""

    uid: int
    size: int  # bytes, as it says
    at: datetime | None  # when it came to the server


class _Line(imaplib.IMAP4_SSL):
    """A connection to a checked address that ends in time and reads no more than it may."""

    def __init__(self, host: str, port: int, ends: float) -> None:
        self._ends, self._bytes, self._come = ends, MOST_BYTES, bytearray()
        super().__init__(host, port, ssl_context=certificates(), timeout=WAIT)

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        failure: OSError = OSError(self.host)
        for address in public_addresses(self.host, self.port):
            try:
                plain = socket.create_connection((address, self.port), self._left())
            except OSError as error:
                failure = error
                continue
            return certificates().wrap_socket(plain, server_hostname=self.host)
        raise failure

    def read(self, size: int) -> bytes:
        """Read so many bytes, within what may be read at all."""
        if not 0 <= size <= self._bytes:
            raise imaplib.IMAP4.abort("more than may be read")
        while len(self._come) < size:
            self._receive()
        return self._take(size)

    def readline(self) -> bytes:
        """Read a line, within what may be read at all."""
        looked_at = 0
        while (end := self._come.find(b"\n", looked_at)) < 0:
            looked_at = len(self._come)
            if looked_at > LONGEST_LINE:
                raise imaplib.IMAP4.abort("more than may be read")
            self._receive()
        return self._take(end + 1)

    def _receive(self) -> None:
        self.sock.settimeout(self._left())
        piece = self.sock.recv(PIECE)
        self._bytes -= len(piece)
        if not piece or self._bytes < 0:
            raise imaplib.IMAP4.abort("more than may be read" if piece else "closed")
        self._come += piece

    def _take(self, size: int) -> bytes:
        found = bytes(self._come[:size])
        del self._come[:size]
        return found

    def _left(self) -> float:
        left = min(WAIT, self._ends - time.monotonic())
        if left <= 0:
            raise TimeoutError
        return left


class Conversation:
    """What is asked of a server. Every method raises MailFailure."""

    def __init__(self, line: _Line) -> None:
        self._line = line

    def open(self, name: str) -> Folder:
        """Open a folder and say how it stands."""
        quoted = _quoted(folder_name(name))
        said = self._ask("STATUS", quoted, "(UIDVALIDITY UIDNEXT MESSAGES)")
        told = _numbers(said)
        if not {b"UIDVALIDITY", b"UIDNEXT"} <= told.keys():
            raise MailFailure(_("The mail server does not say how the folder stands."))
        self._ask("SELECT", quoted)
        return Folder(told[b"UIDVALIDITY"], told[b"UIDNEXT"], told.get(b"MESSAGES", 0))

    def numbers(self, first: int, last: int) -> list[int]:
        """Return which UIDs from ``first`` to ``last`` there are, ascending."""
        said = self._uid("SEARCH", "UID", f"{first}:{last}")
        found = {
            int(number) for line in said if line for number in re.findall(rb"\d+", _flat(line))
        }
        return sorted(number for number in found if first <= number <= last)

    def listed(self, numbers: list[int]) -> list[Listed]:
        """Return size and time of letters, ascending; those gone meanwhile are not in it."""
        if not numbers:
            return []
        said = self._uid("FETCH", ",".join(map(str, numbers)), "(UID RFC822.SIZE INTERNALDATE)")
        found = {one.uid: one for line in said if line and (one := _listed(_flat(line)))}
        return [found[number] for number in numbers if number in found]

    def letter(self, uid: int, most: int) -> bytes:
        """Return the first ``most`` bytes of a letter; it stays unread there."""
        return self._part(uid, f"BODY.PEEK[]<0.{most}>", most)

    def header(self, uid: int, most: int) -> bytes:
        """Return the first ``most`` bytes of its header."""
        return self._part(uid, f"BODY.PEEK[HEADER]<0.{most}>", most)

    def clear(self, numbers: list[int], *, keep: bool) -> None:
        """Mark letters as read, and delete them unless they are kept."""
        for begin in range(0, len(numbers), 100):
            some = ",".join(map(str, numbers[begin : begin + 100]))
            self._uid("STORE", some, "+FLAGS.SILENT", r"(\Seen)" if keep else r"(\Seen \Deleted)")
            if not keep:
                self._expunge(some)

    def _expunge(self, numbers: str) -> None:
        """Delete these alone where the server can (RFC 4315), else all that are marked."""
        if "UIDPLUS" in self._line.capabilities:
            self._uid("EXPUNGE", numbers)
        else:
            self._ask("EXPUNGE")

    def _part(self, uid: int, what: str, most: int) -> bytes:
        for one in self._uid("FETCH", str(uid), f"(UID {what})"):
            if isinstance(one, tuple) and len(one) == 2:
                return bytes(one[1])[:most]
        raise MailFailure(_("The mail server did not give a letter that it lists."))

    def _uid(self, *asked: str) -> list[Any]:
        return self._answer(f"UID {asked[0]}", *self._line.uid(*asked))

    def _ask(self, name: str, *asked: str) -> list[Any]:
        if name == "SELECT":
            return self._answer(name, *self._line.select(asked[0]))
        if name == "EXPUNGE":
            return self._answer(name, *self._line.expunge())
        return self._answer(name, *self._line.status(*asked))

    def _answer(self, name: str, result: str, said: list[Any]) -> list[Any]:
        if result != "OK":
            told = _flat(said[0]).decode("utf-8", "replace")[:120] if said and said[0] else ""
            sentence = _("The mail server refused %(command)s: %(why)s")
            raise MailFailure(sentence % {"command": name, "why": told})
        return said


@contextmanager
def conversation(host: str, port: int, username: str, password: str) -> Iterator[Conversation]:
    """Speak with a server as a user; whatever goes wrong is a MailFailure with a sentence."""
    line: _Line | None = None
    try:
        line = _Line(host, port, time.monotonic() + SECONDS)
        _sign_in(line, username, password)
        yield Conversation(line)
    except AddressRefused as error:
        raise MailFailure(str(error)) from error
    except ssl.SSLCertVerificationError as error:
        raise MailFailure(_("The certificate of the mail server is not valid for it.")) from error
    except (TimeoutError, OSError, EOFError) as error:
        sentence = _("The mail server cannot be reached (%(code)s).")
        raise MailFailure(sentence % {"code": type(error).__name__}) from error
    except (imaplib.IMAP4.error, ValueError, IndexError, UnicodeError) as error:
        sentence = _("The mail server does not answer as it should: %(why)s")
        raise MailFailure(sentence % {"why": str(error)[:120]}) from error
    finally:
        if line is not None:
            with suppress(Exception):
                line.logout()


def _sign_in(line: _Line, username: str, password: str) -> None:
    """Sign in; NetEase lets nobody read who did not say before what program it is (RFC 2971)."""
    try:
        if "AUTH=PLAIN" in line.capabilities:
            secret = f"\0{username}\0{password}".encode()
            line.authenticate("PLAIN", lambda _challenge: secret)
        else:
            line.login(username, password)
    except (imaplib.IMAP4.abort, OSError):
        raise
    except (imaplib.IMAP4.error, UnicodeError):
        sentence = _("The mail server refused user name and password.")
        raise WrongPassword(sentence) from None
    line._get_capabilities()  # type: ignore[attr-defined] # more may be offered now
    if "ID" in line.capabilities:
        line._simple_command("ID", '("name" "Linli" "vendor" "Linli")')  # type: ignore[attr-defined]


def folder_name(name: str) -> str:
    """Return the name of a folder as it is sent: modified UTF-7 (RFC 3501, section 5.1.3).

    >>> folder_name("INBOX"), folder_name("诉求 & 建议")
    ('INBOX', '&i8lsQg- &- &Xvqurg-')
    """
    found = []
    for plain, other in re.findall(r"([\x20-\x7e]+)|([^\x20-\x7e]+)", name):
        if plain:
            found.append(plain.replace("&", "&-"))
        else:
            coded = base64.b64encode(other.encode("utf-16-be")).decode().rstrip("=")
            found.append("&" + coded.replace("/", ",") + "-")
    return "".join(found)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _flat(line: Any) -> bytes:
    return b" ".join(line) if isinstance(line, tuple) else bytes(line)


def _numbers(said: list[Any]) -> dict[bytes, int]:
    text = b" ".join(_flat(line) for line in said if line)
    return {
        name.upper(): int(value) for name, value in re.findall(rb"([A-Za-z]+) (\d{1,19})", text)
    }


def _listed(line: bytes) -> Listed | None:
    uid, size = re.search(rb"UID (\d{1,19})", line), re.search(rb"RFC822\.SIZE (\d{1,19})", line)
    if uid is None or size is None:
        return None
    return Listed(int(uid[1]), int(size[1]), _moment(line))


def _moment(line: bytes) -> datetime | None:
    if imaplib.InternalDate.search(line) is None:  # type: ignore[attr-defined]
        return None
    try:
        told = imaplib.Internaldate2tuple(line)
        return datetime.fromtimestamp(time.mktime(told), tz=UTC) if told else None
    except (TypeError, ValueError, OverflowError, KeyError):
        return None
