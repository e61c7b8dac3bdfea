"""Beginning a request from a letter: its words, its files, the place it names."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from linli.engines.mail import title_words
from linli.kernel.access.relations import SYSTEM, is_staff
from linli.kernel.files.storing import UploadRefused, store_upload
from linli.kernel.mail.limits import may_acknowledge
from linli.kernel.mail.models import Arrival, SetAside
from linli.kernel.people.contacts import account_of_contact
from linli.kernel.places.addresses import address_named_in
from linli.kernel.procedures.facts import TEXT_MAX
from linli.kernel.procedures.performing import begin, perform

if TYPE_CHECKING:
    from datetime import datetime

    from linli.engines.mail import Letter
    from linli.kernel.files.models import Upload
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

PIECE = TEXT_MAX - 100
MOST_PIECES = 4
NAMES_LENGTH = 190


def longer_than_taken(words: str) -> bool:
    """Whether a text is longer than a request with what is added to it may be."""
    return len(words) > PIECE * MOST_PIECES


def pieces_of(words: str) -> list[str]:
    """Return a text in pieces that each fit into one action, cut at the end of a line if it can."""
    found = []
    while len(words) > TEXT_MAX:
        end = words.rfind("\n", PIECE // 2, PIECE)
        end = end if end > 0 else PIECE
        found.append(words[:end].strip())
        words = words[end:].strip()
    return [piece for piece in [*found, words.strip()] if piece]


@dataclass(frozen=True)
class Files:
    """The files of a letter that passed every check, and the names of the others."""

    taken: tuple[Upload, ...] = ()
    left_out: str = ""

    @property
    def references(self) -> list[str]:
        """By what facts refer to them."""
        return [str(file.uuid) for file in self.taken]


def stored_files(letter: Letter, community: Community, by: Person | None = None) -> Files:
    """Store the files of a letter that pass every check."""
    taken, refused = [], list(letter.left_out)
    for file in letter.files:
        content = io.BytesIO(file.content)
        content.name = file.name
        try:
            taken.append(store_upload(community, content, by=by))
        except UploadRefused:
            refused.append(file.name)
    return Files(tuple(taken), ", ".join(refused)[:NAMES_LENGTH])


def begin_from(
    arrival: Arrival,
    letter: Letter,
    files: Files,
    words: str,
    *,
    at: datetime | None = None,
    quietly: bool = False,
) -> SetAside.Reason | None:
    """Begin a request and note its matter in ``arrival``; return why it cannot be, else None.

    ``quietly``: the sender is not written to. Raises Refused where the rule does.
    """
    box, subject = arrival.mailbox, title_words(letter.subject)
    if not (words or subject):
        return SetAside.Reason.EMPTY
    arrival.acknowledged = not quietly and may_acknowledge(
        box, letter.sender, confirmed=arrival.confirmed
    )
    first, *more = pieces_of(words or subject)
    facts = _facts(arrival, letter, files, subject) | {"text": first}
    if place := address_named_in(box.community, f"{subject}\n{words}"):
        facts["address"] = place.text
    event = begin(
        "casework", "take_letter", community=box.community, by=SYSTEM, facts=facts,
        channel="email", reporter=_account(letter, arrival.confirmed), at=at,
    )  # fmt: skip
    arrival.matter, arrival.outcome = event.matter, Arrival.Outcome.BEGAN
    for piece in more:
        perform(event.matter, "answer", by=event.matter.reporter, facts={"text": piece}, at=at)
    return None


def _facts(arrival: Arrival, letter: Letter, files: Files, subject: str) -> dict[str, Any]:
    return {
        "subject": subject[:NAMES_LENGTH] or None,
        "sender": "confirmed" if arrival.confirmed else "unconfirmed",
        "pictures": files.references,
        "left_out": files.left_out or None,
        "acknowledge": arrival.acknowledged,
        "email": letter.sender,
        "name": letter.name or None,
    }


def _account(letter: Letter, confirmed: bool) -> Person | None:
    """Return whose account proved this very address, where its domain confirms the letter.

    Never one of staff: an office gives no power by e-mail.
    """
    found = account_of_contact(letter.sender) if confirmed else None
    return None if found is None or found.is_administrator or is_staff(found) else found


def nothing_written() -> str:
    """Return what stands for the words of a letter that only brings files."""
    return _("(Files without words.)")


def not_taken(names: str) -> str:
    """Return the sentence that names the files of a letter that were not taken."""
    return _("Files that were not taken: %(names)s") % {"names": names}
