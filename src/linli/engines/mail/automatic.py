"""Whether a machine sent it: such letters are never answered (RFC 3834), or two machines would
write to each other for ever."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from linli.engines.mail.headers import Header

Why = Literal["", "bounce", "automatic", "list", "own"]
_MACHINES = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|daemon)(?:[+\-.].*)?$"
)


def why_automatic(header: Header, sender: str, own: frozenset[str]) -> Why:
    """Return why a letter counts as sent by a machine, empty for one that a person sent.

    ``sender``: its address. ``own``: the addresses we send from. RFC 3834, section 2; RFC 2919
    (List-Id); RFC 5321, section 4.5.5: whatever reports about mail has an empty return path.
    """
    if sender in own:
        return "own"
    empty_path = any(value.strip() == b"<>" for value in header.all("return-path"))
    report = header.parameters("content-type")[0] == "multipart/report"
    if empty_path or report or _MACHINES.match(sender.partition("@")[0]):
        return "bounce"
    if any(header.all(name) for name in ("list-id", "list-post", "list-unsubscribe")):
        return "list"
    submitted = header.raw("auto-submitted").split(b";")[0].strip().lower()
    precedence = header.raw("precedence").strip().lower()
    suppressed = header.raw("x-auto-response-suppress").strip()
    answered = header.raw("x-autoreply").strip() or header.raw("x-autorespond").strip()
    if submitted not in (b"", b"no") or precedence in (b"bulk", b"junk", b"list", b"auto_reply"):
        return "automatic"
    return "automatic" if suppressed or answered else ""
