"""Letters for tests, written as mailers write them."""

from __future__ import annotations

import base64
from itertools import count
from typing import Any

_numbers = count(1)
SERVER = "mx.mail.example"
CONFIRMED = f"Authentication-Results: {SERVER}; dmarc=pass header.from=example.org"


def letter(
    text: str = "东湖路1号2栋1单元门口的路灯坏了，晚上看不见。",
    *,
    sender: str = "Wang Fang <wang@example.org>",
    subject: str = "路灯坏了",
    charset: str = "utf-8",
    above: str = "",
    more: str = "",
    number: str = "",
    files: tuple[tuple[str, bytes], ...] = (),
) -> bytes:
    """Return a letter. ``above``: header lines the server wrote; ``more``: of the sender's own."""
    number = number or f"m{next(_numbers)}@example.org"
    head = [*above.splitlines(), "Received: from mail.example.org by mx.mail.example; now",
            f"From: {sender}", "To: shequ@mail.example", f"Subject: {word(subject, charset)}",
            f"Message-ID: <{number}>", *more.splitlines(), "MIME-Version: 1.0"]  # fmt: skip
    plain = [f"Content-Type: text/plain; charset={charset}", "Content-Transfer-Encoding: base64"]
    body = base64.encodebytes(text.encode(charset)).decode()
    if not files:
        return _joined([*head, *plain, "", body])
    parts = ["--cut", *plain, "", body]
    for name, content in files:
        parts += ["--cut", f'Content-Type: application/octet-stream; name="{name}"',
                  "Content-Transfer-Encoding: base64",
                  f'Content-Disposition: attachment; filename="{name}"', "",
                  base64.encodebytes(content).decode()]  # fmt: skip
    return _joined([*head, 'Content-Type: multipart/mixed; boundary="cut"', "", *parts, "--cut--"])


def word(text: str, charset: str = "utf-8") -> str:
    """Return a text as an encoded word."""
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


def _joined(lines: list[str]) -> bytes:
    return "\r\n".join(line.replace("\n", "\r\n") for line in lines).encode()


def mailbox_for(community: Any, **more: Any) -> Any:
    """Return a mailbox as it is once it was added, of a server nobody asks."""
    from linli.kernel.mail.mailboxes import PURPOSE
    from linli.kernel.mail.models import Mailbox
    from linli.kernel.people.secrets import seal

    values = {"address": "shequ@mail.example", "host": "imap.mail.example", "uidvalidity": 7,
              "username": "shequ@mail.example", "password": seal(b"secret", PURPOSE),
              "authserv_id": SERVER}  # fmt: skip
    return Mailbox.objects.create(community=community, **values | more)
