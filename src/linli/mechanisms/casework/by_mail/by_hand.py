"""Taking in by hand what was put aside: somebody of the desk has looked and says it is a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.mail import Unreadable, own_words, read_letter
from linli.kernel.access.audit import audit
from linli.kernel.access.reach import Conflicts
from linli.kernel.access.relations import posts_in
from linli.kernel.mail.aside import raw_of
from linli.kernel.mail.models import Arrival, SetAside
from linli.mechanisms.casework.by_mail.beginning import (
    begin_from,
    longer_than_taken,
    stored_files,
)

if TYPE_CHECKING:
    from linli.engines.mail import Letter
    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person


def may_look(person: Person, community: Community) -> bool:
    """Whether somebody sees letters that were put aside: whoever sorts reports."""
    return any("dispatcher" in post.roles for post in posts_in(person, community))


def take_by_hand(row: SetAside, *, by: Person) -> Matter:
    """Begin a request from a letter that was put aside, and return it; the letter is deleted.

    Nobody is written to. Raises Conflicts where it cannot be read, or was dealt with meanwhile,
    and Refused where the rule does.
    """
    letter = _letter(row)
    files = stored_files(letter, row.mailbox.community)
    with transaction.atomic():
        locked = SetAside.objects.select_for_update().filter(pk=row.pk).first()
        if locked is None:
            raise Conflicts(_("A colleague has dealt with it already."))
        arrival = locked.arrival or Arrival(mailbox=row.mailbox, mark=row.uuid.hex)
        arrival.mailbox, words = row.mailbox, own_words(letter.text)
        if longer_than_taken(words):
            raise Conflicts(_("The text is too long. Please take it down in your own words."))
        if begin_from(arrival, letter, files, words, quietly=True) is not None:
            raise Conflicts(_("It says nothing. Please take it down in your own words."))
        arrival.save()
        locked.delete()
        audit("letter.taken_in", by, row.mailbox.community, str(row.uuid), reason=row.reason)
    assert arrival.matter is not None  # noqa: S101 - it was just begun
    return arrival.matter


def _letter(row: SetAside) -> Letter:
    unread = Conflicts(_("It cannot be read as an e-mail. Please take it down in your own words."))
    if row.content is None or row.reason == SetAside.Reason.TOO_LARGE:
        raise Conflicts(_("It was not fetched whole. Please open it in the mailbox itself."))
    try:
        return read_letter(raw_of(row))
    except (Unreadable, InvalidToken):
        raise unread from None
