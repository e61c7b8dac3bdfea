"""Letters of the demo: some became reports, some were put aside.

They are read as any letter is; the mailbox is paused, so that nobody's server is asked.
"""

from __future__ import annotations

from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

from linli.kernel.mail.mailboxes import PURPOSE
from linli.kernel.mail.models import Mailbox
from linli.kernel.people.secrets import seal
from linli.mechanisms.casework.by_mail.taking import Arrived, take

if TYPE_CHECKING:
    from linli.surfaces.cli.demo.world import World

SERVER = "mx.example.org"


def receive_letters(world: World) -> None:
    """Let the letters of the texts arrive on the last day."""
    told = world.settings.values.get("letters", [])
    if not told:
        return
    address = f"report@{world.community.code}.example.org"
    mailbox = Mailbox.objects.create(
        community=world.community, address=address, host="imap.example.org", username=address,
        password=seal(b"", PURPOSE), authserv_id=SERVER, uidvalidity=1, active=False,
        fetched_at=world.now,
    )  # fmt: skip
    for number, one in enumerate(told, 1):
        raw = _letter(world, one, number, address)
        take(Arrived(mailbox, raw, number, len(raw), at=world.now))
    Mailbox.objects.filter(pk=mailbox.pk).update(last_uid=len(told))
    mailbox.arrivals.update(on_server=False)


def _letter(world: World, told: dict[str, Any], number: int, address: str) -> bytes:
    doorway = world.plots[number % len(world.plots)].doorways[0]
    letter = EmailMessage()
    if told.get("confirmed"):
        letter["Authentication-Results"] = f"{SERVER}; dmarc=pass header.from=example.org"
    letter["From"] = told["from"]
    letter["To"] = address
    letter["Subject"] = told["subject"]
    letter["Message-ID"] = f"<demo-{number}@example.org>"
    if told.get("automatic"):
        letter["Auto-Submitted"] = "auto-replied"
    letter.set_content(told["text"].format(p=doorway.text), charset=told.get("charset", "utf-8"))
    return letter.as_bytes()
