"""Letters that were put aside: kept sealed some days, looked at, taken in by hand or dropped."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Least
from django.utils import timezone

from linli.engines.mail import Unreadable, read_letter
from linli.engines.mail.charsets import decoded
from linli.engines.mail.headers import addresses, read_header
from linli.engines.mail.parts import split_header
from linli.kernel.access.audit import audit
from linli.kernel.mail.models import Arrival, SetAside
from linli.kernel.people.secrets import blind_indexes, reseal, seal, unseal

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from linli.kernel.mail.models import Mailbox
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

PURPOSE = b"letter"
KEPT_BYTES = 2 * 1024 * 1024  # of a longer letter its beginning is kept
MOST_KEPT = 200 * 1024 * 1024  # bytes of one mailbox
SHOWN = 20_000  # characters
BATCH = 500


@dataclass(frozen=True)
class About:
    """Who a letter says it comes from, and what it is called; nothing of it is to be trusted."""

    sender: str = ""
    name: str = ""
    subject: str = ""


def put_aside(
    arrival: Arrival, reason: SetAside.Reason, raw: bytes, *, size: int, detail: str = ""
) -> SetAside:
    """Put a letter aside with the reason; of many for one reason from one sender, one line.

    ``arrival``: just written, in the same transaction. ``raw``: the letter or its header alone.
    """
    counted = (SetAside.Reason.MANY, SetAside.Reason.DOMAIN)
    if reason in counted and (line := _line_of(arrival, reason)) is not None:
        SetAside.objects.filter(pk=line.pk).update(count=F("count") + 1, last_at=timezone.now())
        return line
    about = json.dumps(vars(_about(raw)), ensure_ascii=False)
    return SetAside.objects.create(
        mailbox_id=arrival.mailbox_id,
        arrival=arrival,
        reason=reason,
        detail=detail[:300],
        sender=arrival.sender,
        about=seal(about.encode(), PURPOSE),
        content=seal(raw[:KEPT_BYTES], PURPOSE) if has_room(arrival.mailbox) else None,
        size=size,
    )


def has_room(mailbox: Mailbox) -> bool:
    """Whether more letters may be kept; beyond `MOST_KEPT` they stay on the server alone."""
    kept = SetAside.objects.filter(mailbox=mailbox, content__isnull=False)
    size = kept.aggregate(size=Sum(Least("size", KEPT_BYTES)))["size"]
    return (size or 0) < MOST_KEPT


def _line_of(arrival: Arrival, reason: SetAside.Reason) -> SetAside | None:
    rows = SetAside.objects.filter(mailbox_id=arrival.mailbox_id, reason=reason)
    lately = rows.filter(at__gte=timezone.now() - timedelta(days=1))
    if reason == SetAside.Reason.MANY:
        return lately.filter(sender=arrival.sender).first()
    return lately.filter(arrival__domain=arrival.domain).first()


def _about(raw: bytes) -> About:
    header = read_header(split_header(raw)[0])
    senders = addresses(header.raw("from"))
    name, sender = senders[0] if senders else ("", "")
    return About(sender, name[:120], header.text("subject")[:200])


def about(row: SetAside) -> About:
    """Return what a letter says of itself; nothing where the master key is gone."""
    try:
        return About(**json.loads(unseal(bytes(row.about), PURPOSE)))
    except (InvalidToken, ValueError, TypeError):
        return About()


def raw_of(row: SetAside) -> bytes:
    """Return the letter as it came. Raises InvalidToken where the master key is gone."""
    return unseal(bytes(row.content), PURPOSE) if row.content else b""


def words_of(row: SetAside) -> str:
    """Return a letter as plain text for people to look at, its beginning where it is long."""
    try:
        raw = raw_of(row)
    except InvalidToken:
        return ""
    try:
        return read_letter(raw).text[:SHOWN]
    except Unreadable:
        return decoded(raw[: SHOWN * 2])[:SHOWN]


def set_aside_of(community: Community) -> QuerySet[SetAside]:
    """Return what was put aside, newest first, with the mailbox loaded, without the letters."""
    rows = SetAside.objects.filter(mailbox__community=community).select_related("mailbox")
    return rows.defer("content").order_by("-last_at", "-pk")


def drop(row: SetAside, *, by: Person | None) -> None:
    """Delete a letter that is nothing for us."""
    with transaction.atomic():
        audit("letter.dropped", by, row.mailbox.community, str(row.uuid), reason=row.reason)
        row.delete()


def delete_old(now: datetime | None = None) -> int:
    """Delete what was put aside longer ago than letters are kept, and arrivals long past.

    Returns how many rows went. Safe in several workers.
    """
    now = now or timezone.now()
    letters = SetAside.objects.filter(last_at__lt=now - timedelta(days=settings.MAIL_REFUSED_DAYS))
    arrivals = Arrival.objects.filter(
        at__lt=now - timedelta(days=settings.MAIL_REMEMBERED_DAYS), set_aside=None, matter=None
    )
    past = Arrival.objects.filter(at__lt=now - timedelta(days=settings.MAIL_REMEMBERED_DAYS))
    done = past.exclude(sender="").update(sender="", domain="", words="")
    for rows in (letters, arrivals):
        keys = list(rows.values_list("pk", flat=True)[:BATCH])
        done += rows.model.objects.filter(pk__in=keys).delete()[0] if keys else 0
    return done


def forget_letters(addresses_: list[str]) -> None:
    """Delete what was put aside from these addresses, and let arrivals forget them."""
    hashes = [index for address in addresses_ for index in blind_indexes(address)]
    SetAside.objects.filter(sender__in=hashes).delete()
    Arrival.objects.filter(sender__in=hashes).update(sender="", words="")


def reseal_letters() -> int:
    """Seal every letter with the present master key, see `people.key_rotation`; return how many."""
    done = 0
    for pk in SetAside.objects.values_list("pk", flat=True):
        with transaction.atomic():
            row = SetAside.objects.select_for_update().filter(pk=pk).first()
            if row is not None:
                row.about = reseal(bytes(row.about), PURPOSE)
                row.content = reseal(bytes(row.content), PURPOSE) if row.content else None
                row.save(update_fields=["about", "content"])
                done += 1
    return done
