"""Fetching letters from a mailbox: each once, the bad beside the good, and no more than can be
dealt with."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from linli.kernel.mail.conversation import SECONDS, WINDOW, MailFailure
from linli.kernel.mail.limits import is_full
from linli.kernel.mail.mailboxes import claim, note_failure, note_success, speaking_to
from linli.kernel.mail.models import Arrival, Mailbox
from linli.mechanisms.casework.by_mail.taking import Arrived, is_to_go, put_aside_failed, take

if TYPE_CHECKING:
    from datetime import datetime

    from linli.kernel.mail.conversation import Conversation, Folder, Listed

log = logging.getLogger(__name__)
EVERY, AT_ONCE = timedelta(minutes=2), timedelta(seconds=5)
WHEN_FULL = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(hours=2)
CLAIMED = timedelta(seconds=3 * SECONDS)  # longer than any conversation lasts
CLOCKS_DIFFER = timedelta(minutes=10)  # ours and the server's, which names whole seconds
HEADER_BYTES = 64 * 1024
MOST_LETTERS, MOST_WINDOWS = 100, 50  # in one conversation


@dataclass
class Fetched:
    """What a fetch brought."""

    taken: int = 0
    aside: int = 0
    known: int = 0
    waiting: int = 0
    held_back: bool = False
    busy: bool = False  # another worker is at it
    failure: str = ""
    twins: list[int] = field(default_factory=list)  # numbers of second copies


def fetch(mailbox: Mailbox) -> Fetched:
    """Fetch what is new in a mailbox. Where the server fails, what was taken by then stays."""
    done = Fetched()
    if not claim(mailbox, CLAIMED):
        done.busy = True
        return done
    mailbox.refresh_from_db(fields=["uidvalidity", "last_uid", "failures"])
    try:
        with speaking_to(mailbox) as server:
            folder = server.open(mailbox.folder)
            _begin_anew_if_changed(mailbox, folder)
            try:
                _take_new(mailbox, server, folder, done)
            finally:
                _clear_away(mailbox, server, done.twins)
    except MailFailure as failure:
        done.failure = str(failure)
        note_failure(mailbox, done.failure, _pause(mailbox))
        return done
    except BaseException:
        note_failure(mailbox, mailbox.last_error, _pause(mailbox))
        raise
    again = WHEN_FULL if done.held_back else AT_ONCE if done.waiting else EVERY
    note_success(mailbox, again, waiting=done.waiting, held_back=done.held_back)
    return done


def _pause(mailbox: Mailbox) -> timedelta:
    return min(EVERY * 2 ** min(mailbox.failures, 8), LONGEST_PAUSE)


def _begin_anew_if_changed(mailbox: Mailbox, folder: Folder) -> None:
    """A folder made anew has new numbers (RFC 9051, section 2.3.1.1): all are looked at again, and
    those that were taken in are known by their marks."""
    if mailbox.uidvalidity != folder.uidvalidity:
        mailbox.uidvalidity, mailbox.last_uid = folder.uidvalidity, 0
        mailbox.save(update_fields=["uidvalidity", "last_uid"])


def _take_new(mailbox: Mailbox, server: Conversation, folder: Folder, done: Fetched) -> None:
    """Take letters in by their numbers, ascending, a window of numbers at a time."""
    ends = timezone.now() + timedelta(seconds=SECONDS / 2)
    for _window in range(MOST_WINDOWS):
        first, last = mailbox.last_uid + 1, min(mailbox.last_uid + WINDOW, folder.uidnext - 1)
        if first > last:
            return
        numbers = server.numbers(first, last)
        while numbers:
            some, numbers = numbers[:50], numbers[50:]
            for listed in server.listed(some):
                done.held_back = is_full(mailbox)
                enough = done.taken + done.aside >= MOST_LETTERS or timezone.now() > ends
                if done.held_back or enough:
                    done.waiting = _left(numbers, some, listed)
                    return
                _one(mailbox, server, listed, done)
                _advance(mailbox, listed.uid)
        _advance(mailbox, last)


def _left(numbers: list[int], some: list[int], listed: Listed) -> int:
    return len(numbers) + sum(number >= listed.uid for number in some)


def _advance(mailbox: Mailbox, uid: int) -> None:
    """Note that everything up to a number was dealt with; a gap is never filled later."""
    mailbox.last_uid = uid
    Mailbox.objects.filter(pk=mailbox.pk, uidvalidity=mailbox.uidvalidity).update(last_uid=uid)


def _one(mailbox: Mailbox, server: Conversation, listed: Listed, done: Fetched) -> None:
    if listed.at is not None and listed.at < _oldest(mailbox):
        return
    cut = listed.size > settings.MAIL_MAX_BYTES
    if cut:
        raw = server.header(listed.uid, HEADER_BYTES - 1)
    else:
        raw = server.letter(listed.uid, settings.MAIL_MAX_BYTES)
    arrived = Arrived(mailbox, raw, listed.uid, listed.size, cut)
    try:
        arrival = take(arrived)
    except (DatabaseError, InterfaceError):
        raise  # not the letter's fault: it is fetched again
    except Exception:
        log.exception("letter %s of mailbox %s", listed.uid, mailbox.uuid)
        arrival = put_aside_failed(arrived)
    if arrival is None:
        done.known += 1
        if is_to_go(arrived):
            done.twins.append(listed.uid)
    elif arrival.outcome == Arrival.Outcome.ASIDE:
        done.aside += 1
    else:
        done.taken += 1


def _oldest(mailbox: Mailbox) -> datetime:
    remembered = timezone.now() - timedelta(days=settings.MAIL_REMEMBERED_DAYS)
    return max(mailbox.since - CLOCKS_DIFFER, remembered)


def _clear_away(mailbox: Mailbox, server: Conversation, twins: list[int]) -> None:
    """Clear away on the server what is safely with us, also what an earlier fetch left behind."""
    rows = Arrival.objects.filter(mailbox=mailbox, on_server=True, uid__isnull=False)
    there = rows.filter(uidvalidity=mailbox.uidvalidity)[: 10 * MOST_LETTERS]
    stay = {row.uid for row in there if row.uid is not None and row.stays_there}
    gone = {row.uid for row in there if row.uid is not None and not row.stays_there}
    if stay:
        server.clear(sorted(stay), keep=True)
    if gone | set(twins):
        server.clear(sorted(gone | set(twins)), keep=mailbox.keeps)
    Arrival.objects.filter(pk__in=[row.pk for row in there]).update(on_server=False)
