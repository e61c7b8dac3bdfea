"""Calling machines elsewhere: never one's own network, no redirects, little time, little answer.

The host is resolved once, every address it has is checked, and the connection goes to the very
address that was checked, so that a name cannot point elsewhere between check and call
(OWASP, Server-Side Request Forgery Prevention).
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpcore
from django.conf import settings
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

URL_LENGTH = 500
QUESTION_LENGTH = 4_000  # of an address with what is asked in it
ANSWER_BYTES = 4_096
WHOLE_BYTES = 5_000_000
SECONDS = 10.0


class AddressRefused(ValueError):
    """The address is not one that may be called; the message says why, to people."""


class Unreachable(Exception):
    """No answer came: no such host, no connection, a wrong certificate, or too late."""


@dataclass(frozen=True)
class Reply:
    """What the other machine answered; ``excerpt`` is the beginning of it, in one line."""

    status: int
    retry_after: float | None  # seconds
    excerpt: str

    @property
    def accepted(self) -> bool:
        """Whether it took what was sent."""
        return 200 <= self.status < 300


@dataclass(frozen=True)
class Answer:
    """A whole answer; ``location`` is where it sends the caller instead, which is not followed."""

    status: int
    content: bytes
    content_type: str
    location: str
    retry_after: float | None  # seconds


class TooLong(Unreachable):
    """The answer is longer than anybody should have to read."""


def check_url(url: str) -> None:
    """Raise AddressRefused unless the address is well formed and may be called.

    The host is resolved; one that is not known at the moment is refused too.
    """
    parts = _split(url)
    public_addresses(parts.hostname or "", parts.port or 443)


def _split(url: str, longest: int = URL_LENGTH) -> Any:
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError as error:
        raise AddressRefused(_("This is not a web address.")) from error
    unfit = not url.isascii() or not url.isprintable() or " " in url or len(url) > longest
    if not parts.hostname or unfit:
        raise AddressRefused(_("This is not a web address."))
    if parts.username or parts.password or parts.fragment:
        raise AddressRefused(_("The address must not hold a user name, a password or a “#”."))
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.WEBHOOK_PRIVATE):
        raise AddressRefused(_("The address must begin with https://."))
    return parts


def public_addresses(host: str, port: int, trusted: bool = False) -> list[str]:
    """Return the addresses of a host. Raises AddressRefused where any of them is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(_("This host is not known.")) from error
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not (trusted or settings.WEBHOOK_PRIVATE):
        for address in addresses:
            if not is_public(address):
                raise AddressRefused(_("This address lies inside a private network."))
    return addresses


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet, also when it wraps another one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def post(
    url: str,
    content: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float = SECONDS,
    trusted: bool = False,
) -> Reply:
    """Send a POST and return the answer, within ``seconds`` altogether.

    ``trusted``: the operator set the address, which may then lie in the own network.
    Raises AddressRefused or Unreachable.
    """
    if not trusted:
        _split(url)
    with _calling("POST", url, content, headers, seconds, trusted) as answer:
        return Reply(answer.status, _retry_after(answer.headers), _beginning(answer))


def fetch(
    method: str,
    url: str,
    content: bytes = b"",
    headers: Mapping[str, str] | None = None,
    *,
    seconds: float = SECONDS,
    most: int = WHOLE_BYTES,
) -> Answer:
    """Call a machine and return its whole answer, at most ``most`` bytes of it.

    Raises AddressRefused, Unreachable, or TooLong.
    """
    _split(url, QUESTION_LENGTH)
    with _calling(method, url, content, headers or {}, seconds, False) as answer:
        found = b""
        for chunk in answer.iter_stream():
            found += chunk
            if len(found) > most:
                raise TooLong(_("The answer is too long."))
        told = {name.lower(): value.decode("latin-1") for name, value in answer.headers}
        return Answer(
            answer.status,
            found,
            told.get(b"content-type", ""),
            told.get(b"location", "")[:URL_LENGTH],
            _retry_after(answer.headers),
        )


@contextmanager
def _calling(
    method: str,
    url: str,
    content: bytes,
    headers: Mapping[str, str],
    seconds: float,
    trusted: bool,
) -> Iterator[httpcore.Response]:
    ends = time.monotonic() + seconds
    pool = httpcore.ConnectionPool(
        ssl_context=certificates(), network_backend=_CheckedNetwork(ends, trusted)
    )
    named = [(name.encode(), value.encode()) for name, value in headers.items()]
    try:
        with pool, pool.stream(method, url, headers=named, content=content) as answer:
            yield answer
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        raise Unreachable(type(error).__name__ + (f": {error}" if str(error) else "")) from error


@lru_cache(maxsize=1)
def certificates() -> ssl.SSLContext:
    """Return what certificates are checked against: those this machine trusts."""
    return ssl.create_default_context()


def _beginning(answer: httpcore.Response) -> str:
    content = b""
    for chunk in answer.iter_stream():
        content += chunk
        if len(content) >= ANSWER_BYTES:
            break
    return " ".join(content[:ANSWER_BYTES].decode("utf-8", "replace").split())[:200]


def _retry_after(headers: Iterable[tuple[bytes, bytes]]) -> float | None:
    value = {name.lower(): value for name, value in headers}.get(b"retry-after", b"")
    return float(value) if value.isdigit() and len(value) < 7 else None


class _CheckedNetwork(httpcore.NetworkBackend):
    """Connects to checked addresses only, and lets nothing last beyond the end."""

    def __init__(self, ends: float, trusted: bool) -> None:
        self._ends, self._trusted = ends, trusted
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers."""
        failure: Exception = httpcore.ConnectError(host)
        for address in public_addresses(host, port, self._trusted):
            try:
                stream = self._network.connect_tcp(address, port, timeout=_left(self._ends))
                return _Ending(stream, self._ends)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class _Ending(httpcore.NetworkStream):
    """A connection on which no read and no write waits beyond the end."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        self._stream, self._ends = stream, ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come."""
        return self._stream.read(max_bytes, timeout=_left(self._ends))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        self._stream.write(buffer, timeout=_left(self._ends))

    def close(self) -> None:
        """Close it."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Go on encrypted, checking the certificate against the name that was asked for."""
        encrypted = self._stream.start_tls(ssl_context, server_hostname, _left(self._ends))
        return _Ending(encrypted, self._ends)

    def get_extra_info(self, info: str) -> Any:
        """Return what is known of the connection."""
        return self._stream.get_extra_info(info)


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("too late")
    return left
