"""How many letters an hour are taken in: counted in the database, so for all workers together."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from linli.kernel.access.rates import limit_named
from linli.kernel.mail.models import Arrival, SetAside
from linli.kernel.people.secrets import blind_indexes

if TYPE_CHECKING:
    from datetime import datetime

    from linli.kernel.mail.models import Mailbox

# What makes work for the desk or tells somebody something; repetitions and thanks do not.
_COUNTED = (Arrival.Outcome.BEGAN, Arrival.Outcome.ADDED, Arrival.Outcome.REOPENED)


def is_full(mailbox: Mailbox) -> bool:
    """Whether so many letters were taken in lately that the others wait on the server.

    Those put aside count too, since they are kept as well; not those of a sender who writes too
    much, which stay there: one must not hold up all.
    """
    outcomes = (*_COUNTED, Arrival.Outcome.ASIDE)
    return _reached("mail_mailbox", mailbox, Q(outcome__in=outcomes, stays_there=False))


def refused_for_number(mailbox: Mailbox, sender: str) -> SetAside.Reason | None:
    """Return why a sender's letter is one too many, or None."""
    if _reached("mail_sender", mailbox, _from(sender)):
        return SetAside.Reason.MANY
    domain = Q(domain__in=blind_indexes(sender.rpartition("@")[2]))
    if _reached("mail_domain", mailbox, domain & Q(outcome__in=_COUNTED)):
        return SetAside.Reason.DOMAIN
    return None


def may_acknowledge(mailbox: Mailbox, sender: str, *, confirmed: bool) -> bool:
    """Whether a sender may be written to once more: forged senders must not be flooded by us."""
    name = "mail_reply" if confirmed else "mail_reply_unconfirmed"
    return not _reached(name, mailbox, Q(sender__in=blind_indexes(sender), acknowledged=True))


def _from(sender: str) -> Q:
    return Q(sender__in=blind_indexes(sender), outcome__in=_COUNTED)


def _reached(name: str, mailbox: Mailbox, which: Q, now: datetime | None = None) -> bool:
    limit = limit_named(name)
    if limit is None:
        return False
    most, seconds = limit
    since = (now or timezone.now()) - timedelta(seconds=seconds)
    rows = Arrival.objects.filter(which, mailbox=mailbox, at__gte=since)
    return rows[:most].count() >= most
