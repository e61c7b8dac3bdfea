"""What becomes of one letter: a new request, an answer in a matter, or it is put aside.

Whatever becomes of it is written in one transaction with the row that says so: a letter is taken in
once, however often the server shows it and however many workers look.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from linli.engines.mail import (
    Unreadable,
    is_confirmed,
    mark_of,
    own_words,
    read_letter,
    why_automatic,
)
from linli.kernel.mail.aside import has_room, put_aside
from linli.kernel.mail.limits import refused_for_number
from linli.kernel.mail.mailboxes import own_addresses
from linli.kernel.mail.models import Arrival, SetAside
from linli.kernel.mail.tokens import answered
from linli.kernel.people.secrets import blind_index, blind_indexes
from linli.kernel.procedures.errors import Refused
from linli.mechanisms.casework.by_mail.answering import answer, person_and_matter
from linli.mechanisms.casework.by_mail.beginning import (
    begin_from,
    longer_than_taken,
    stored_files,
)

if TYPE_CHECKING:
    from datetime import datetime

    from linli.engines.mail import Letter
    from linli.kernel.mail.models import Mailbox

SAME_WITHIN = timedelta(days=7)
Outcome, Reason = Arrival.Outcome, SetAside.Reason
# What is not kept here whole stays on the server.
_STAYS_THERE = (Reason.TOO_LARGE, Reason.MANY, Reason.DOMAIN)
_AUTOMATIC = {"own": Reason.OWN, "bounce": Reason.BOUNCE, "list": Reason.LIST,
              "automatic": Reason.AUTOMATIC}  # fmt: skip


@dataclass(frozen=True)
class Arrived:
    """A letter as it came: the raw bytes (its header alone where ``cut``), and where it lies."""

    mailbox: Mailbox
    raw: bytes
    uid: int | None = None
    size: int = 0
    cut: bool = False
    at: datetime | None = None


class _Aside(Exception):
    """The letter is put aside, for a reason."""

    def __init__(self, reason: SetAside.Reason, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


def take(arrived: Arrived) -> Arrival | None:
    """Take a letter in and return what became of it; None where it was dealt with before.

    What is wrong with the letter never raises; what is wrong with the database does.
    """
    letter, why = _read(arrived.raw)
    mark = mark_of(arrived.raw, letter).hex()
    if dealt_with(arrived.mailbox, mark) is not None:
        return None
    arrival = _arrival(arrived, letter, mark)
    try:
        if arrived.cut:
            raise _Aside(Reason.TOO_LARGE)
        if letter is None:
            raise _Aside(why)
        return _take(arrival, arrived, letter)
    except _Aside as aside:
        return _written(arrival, arrived, aside.reason, aside.detail)
    except Refused as refusal:
        return _written(arrival, arrived, Reason.REFUSED, str(refusal))
    except _Twin:
        return None


def dealt_with(mailbox: Mailbox, mark: str) -> Arrival | None:
    """Return what became of a letter before."""
    return Arrival.objects.filter(mailbox=mailbox, mark=mark).first()


def is_to_go(arrived: Arrived) -> bool:
    """Whether a copy of a letter that was dealt with before is safely with us."""
    mark = mark_of(arrived.raw, _read(arrived.raw)[0]).hex()
    first = dealt_with(arrived.mailbox, mark)
    return first is not None and not first.stays_there


def put_aside_failed(arrived: Arrived) -> Arrival | None:
    """Put a letter aside that an error of ours kept from being taken in."""
    letter, _why = _read(arrived.raw)
    arrival = _arrival(arrived, letter, mark_of(arrived.raw, letter).hex())
    try:
        return _written(arrival, arrived, Reason.FAILED)
    except _Twin:
        return None


class _Twin(Exception):
    """Another worker took the letter in meanwhile."""


def _read(raw: bytes) -> tuple[Letter | None, SetAside.Reason]:
    try:
        return read_letter(raw), Reason.HEADER
    except Unreadable as error:
        return None, Reason(error.why)


def _arrival(arrived: Arrived, letter: Letter | None, mark: str) -> Arrival:
    box, sender, confirmed = arrived.mailbox, "", False
    if letter is not None:
        sender = letter.sender
        confirmed = is_confirmed(letter.header, sender, box.authserv_id)
    return Arrival(
        mailbox=box,
        uidvalidity=box.uidvalidity,
        uid=arrived.uid,
        mark=mark,
        sender=blind_index(sender) if sender else "",
        domain=blind_index(sender.rpartition("@")[2]) if sender else "",
        confirmed=confirmed,
        outcome=Outcome.ASIDE,
        on_server=arrived.uid is not None,
        at=arrived.at or timezone.now(),
    )


def _written(
    arrival: Arrival, arrived: Arrived, reason: SetAside.Reason, detail: str = ""
) -> Arrival:
    with transaction.atomic():
        arrival.outcome, arrival.matter, arrival.acknowledged = Outcome.ASIDE, None, False
        arrival.stays_there = reason in _STAYS_THERE or not has_room(arrival.mailbox)
        _write(arrival)
        size = arrived.size or len(arrived.raw)
        put_aside(arrival, reason, arrived.raw, size=size, detail=detail)
    return arrival


def _write(arrival: Arrival) -> None:
    """Write the row that keeps every twin of this letter out. Raises _Twin."""
    arrival.pk = None
    try:
        with transaction.atomic():
            arrival.save(force_insert=True)
    except IntegrityError:
        raise _Twin from None


def _take(arrival: Arrival, arrived: Arrived, letter: Letter) -> Arrival:
    box = arrived.mailbox
    if why := why_automatic(letter.header, letter.sender, own_addresses(box.community)):
        raise _Aside(_AUTOMATIC[why])
    named = answered(*letter.to, *letter.answers)
    to = person_and_matter(named, box.community) if named else None
    words = own_words(letter.text)
    if to is None and _came_before(arrival, letter, words):
        return arrival
    if (many := refused_for_number(box, letter.sender)) is not None:
        raise _Aside(many)
    if longer_than_taken(words):
        raise _Aside(Reason.TOO_LONG)
    # Files first: should the rest be undone, their rows stay, and are purged with their files.
    files = stored_files(letter, box.community, to[0] if to else None)
    with transaction.atomic():
        _write(arrival)
        if to is not None:
            done = answer(arrival, files, words, *to)
        else:
            done = begin_from(arrival, letter, files, words, at=arrival.at)
        if done is not None:
            raise _Aside(done)
        arrival.save()
    return arrival


def _came_before(arrival: Arrival, letter: Letter, words: str) -> bool:
    """Count a letter that says what its sender said lately; whether it was one."""
    said = f"{letter.sender}\n{letter.subject}\n{words}"
    arrival.words = blind_index(said)
    first = (
        Arrival.objects.filter(
            mailbox=arrival.mailbox,
            words__in=blind_indexes(said),
            at__gte=timezone.now() - SAME_WITHIN,
        )
        .exclude(outcome=Outcome.REPEATED)
        .order_by("pk")
        .first()
    )
    if first is None:
        return False
    with transaction.atomic():
        arrival.outcome, arrival.matter_id = Outcome.REPEATED, None
        _write(arrival)
        Arrival.objects.filter(pk=first.pk).update(repeats=F("repeats") + 1)
        SetAside.objects.filter(arrival=first).update(count=F("count") + 1)
    return True
