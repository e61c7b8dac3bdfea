"""A small IMAP server over real TLS, in this process: the commands a reader of mail needs.

Its certificate is made here and trusted for as long as the server runs. It can be told to fail.
"""

from __future__ import annotations

import base64
import contextlib
import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME, PASSWORD = "shequ@mail.example", "a secret “口令”"


@dataclass
class Kept:
    """A letter on the server."""

    uid: int
    raw: bytes
    at: datetime
    flags: set[str] = field(default_factory=set)
    size: int | None = None  # what the server says, where that is not the truth


@dataclass
class MailServer:
    """What the server holds, what it was asked, and how it misbehaves."""

    letters: list[Kept] = field(default_factory=list)
    uidvalidity: int = 7
    uidnext: int = 1
    folder: str = "INBOX"
    capabilities: str = "IMAP4rev1 AUTH=PLAIN ID UIDPLUS"
    asked: list[str] = field(default_factory=list)
    breaks_at: str = ""  # a command at which it hangs up
    says: dict[str, bytes] = field(default_factory=dict)  # instead of the right answer, by command
    port: int = 0

    def receive(self, raw: bytes, **more: Any) -> Kept:
        """Let a letter arrive."""
        kept = Kept(self.uidnext, raw, more.pop("at", datetime.now(UTC)), **more)
        self.uidnext += 1
        self.letters.append(kept)
        return kept

    @property
    def unread(self) -> list[Kept]:
        return [one for one in self.letters if "\\Seen" not in one.flags]


class _Talk(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self._say(b"* OK at your service")
            self.signed_in = False
            while line := self.rfile.readline(100_000):
                tag, _, rest = line.rstrip(b"\r\n").partition(b" ")
                if self._answer(tag, rest.decode()) is False:
                    return

    def _say(self, text: bytes) -> None:
        self.wfile.write(text + b"\r\n")

    def _answer(self, tag: bytes, said: str) -> bool | None:
        box: MailServer = self.server.box
        box.asked.append(said)
        words = said.split(" ")
        name = " ".join(words[:2]) if words[0] == "UID" else words[0]
        if box.breaks_at and said.startswith(box.breaks_at):
            return False
        if name in box.says:
            self.wfile.write(box.says[name].replace(b"TAG", tag))
            return None
        done = getattr(self, "_" + name.lower().replace(" ", "_"))(box, said)
        self._say(tag + b" " + (done or b"OK done"))
        return name != "LOGOUT"

    def _capability(self, box: MailServer, said: str) -> None:
        self._say(b"* CAPABILITY " + box.capabilities.encode())

    def _id(self, box: MailServer, said: str) -> None:
        self._say(b'* ID ("name" "test")')

    def _authenticate(self, box: MailServer, said: str) -> bytes | None:
        self._say(b"+ ")
        given = base64.b64decode(self.rfile.readline()).decode().split("\0")[1:]
        return None if given == [NAME, PASSWORD] else b"NO wrong"

    def _login(self, box: MailServer, said: str) -> bytes | None:
        return None if said == f'LOGIN {NAME} "plain"' else b"NO wrong"

    def _status(self, box: MailServer, said: str) -> bytes | None:
        if f'"{box.folder}"' not in said:
            return b"NO no such folder"
        told = f"UIDVALIDITY {box.uidvalidity} UIDNEXT {box.uidnext} MESSAGES {len(box.letters)}"
        self._say(f'* STATUS "{box.folder}" ({told})'.encode())
        return None

    def _select(self, box: MailServer, said: str) -> bytes:
        self._say(f"* {len(box.letters)} EXISTS".encode())
        return b"OK [READ-WRITE] done"

    def _uid_search(self, box: MailServer, said: str) -> None:
        first, last = map(int, said.rpartition(" ")[2].split(":"))
        found = [str(one.uid) for one in box.letters if first <= one.uid <= last]
        self._say(" ".join(["* SEARCH", *found]).encode())

    def _uid_fetch(self, box: MailServer, said: str) -> None:
        wanted = set(map(int, said.split(" ")[2].split(",")))
        for number, one in enumerate(box.letters, 1):
            if one.uid not in wanted:
                continue
            if "BODY.PEEK" not in said:
                size, at = one.size or len(one.raw), one.at.strftime("%d-%b-%Y %H:%M:%S +0000")
                told = f'UID {one.uid} RFC822.SIZE {size} INTERNALDATE "{at}"'
                self._say(f"* {number} FETCH ({told})".encode())
                continue
            most = int(re.search(r"<0\.(\d+)>", said)[1])
            raw = one.raw.partition(b"\r\n\r\n")[0] if "HEADER" in said else one.raw
            raw = raw[:most]
            self._say(f"* {number} FETCH (UID {one.uid} BODY[]<0> {{{len(raw)}}}".encode())
            self.wfile.write(raw + b")\r\n")

    def _uid_store(self, box: MailServer, said: str) -> None:
        wanted = set(map(int, said.split(" ")[2].split(",")))
        for one in box.letters:
            if one.uid in wanted:
                one.flags |= set(re.findall(r"\\\w+", said))

    def _uid_expunge(self, box: MailServer, said: str) -> None:
        wanted = set(map(int, said.split(" ")[2].split(",")))
        box.letters[:] = [
            one for one in box.letters if one.uid not in wanted or "\\Deleted" not in one.flags
        ]

    def _expunge(self, box: MailServer, said: str) -> None:
        box.letters[:] = [one for one in box.letters if "\\Deleted" not in one.flags]

    def _logout(self, box: MailServer, said: str) -> None:
        self._say(b"* BYE")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, box: MailServer, context: ssl.SSLContext) -> None:
        self.box, self.context = box, context
        super().__init__(("127.0.0.1", 0), _Talk)

    def get_request(self) -> Any:
        plain, address = super().get_request()
        return self.context.wrap_socket(plain, server_side=True), address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are nothing to tell."""


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[tuple[MailServer, Path]]:
    """Serve; yield the server and the file of the certificate that is to be trusted."""
    pem = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    box = MailServer()
    with _Server(box, context) as server:
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield box, pem
        finally:
            server.shutdown()


def _certificate(folder: Path) -> Path:
    """Make a certificate for localhost, valid a day, in one file with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "localhost.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return pem
