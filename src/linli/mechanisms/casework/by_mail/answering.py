"""A letter that answers one of ours: what the tracking page would do with it.

Which matter it belongs to, and in whose name, the token says that we wrote into our letter; who
holds it has the letter, as whoever opens the secret link. What comes of it is told to the person of
the matter alone, at the address known before, never to where the answer came from.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from linli.engines.mail import is_thanks
from linli.kernel.mail.models import Arrival, SetAside
from linli.kernel.matters.models import Matter
from linli.kernel.notify.outbox import tell_about
from linli.kernel.packs.loading import content_of
from linli.kernel.people.models import Person
from linli.kernel.procedures.declaration import procedure_named
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.by_mail.beginning import not_taken, nothing_written, pieces_of

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community
    from linli.mechanisms.casework.by_mail.beginning import Files

Outcome = Arrival.Outcome


def person_and_matter(named: tuple[int, int], community: Community) -> tuple[Person, Matter] | None:
    """Return whom and what a token names, as long as the matter is here and the person its
    reporter still. Two queries."""
    key, person_key = named
    matter = Matter.objects.filter(pk=key, community=community, procedure="casework").first()
    person = Person.objects.filter(pk=person_key, is_active=True, erased_at=None).first()
    if matter is None or person is None:
        return None
    own = matter.reporter_id == person.pk or matter.participants.filter(person=person).exists()
    return (person, matter) if own else None


def answer(
    arrival: Arrival, files: Files, words: str, person: Person, matter: Matter
) -> SetAside.Reason | None:
    """Add a letter to its matter, or open that again; return why neither can be, else None.

    Who was asked has answered; who adds something has added it. Within the days of the pack what
    is written about a closed matter opens it again, unless it is only thanks; after them the
    person is told to report anew.
    """
    arrival.matter = matter
    procedure = procedure_named(matter.procedure)
    if matter.stage in procedure.actions["answer"].at:
        _do("answer", files, words, person, matter)
        arrival.outcome = Outcome.ADDED
        return None
    if matter.stage not in procedure.actions["reopen"].at:
        return SetAside.Reason.CLOSED
    if is_thanks(words) and not files.taken:
        arrival.outcome = Outcome.THANKED
        return None
    if _too_late(matter):
        arrival.outcome = Outcome.TOO_LATE
        tell_about(matter, person, "casework.mailed_too_late")
        return None
    _do("reopen", files, words, person, matter)
    arrival.outcome = Outcome.REOPENED
    return None


def _too_late(matter: Matter) -> bool:
    days = content_of(matter.pack).casework.reopen_days
    return matter.closed_at is None or timezone.now() > matter.closed_at + timedelta(days=days)


def _do(action: str, files: Files, words: str, person: Person, matter: Matter) -> None:
    """Perform it with the files, then add what did not fit."""
    first, *more = pieces_of(words) or [nothing_written()]
    facts = {"text": first, "pictures": files.references}
    perform(matter, action, by=person, facts=facts)
    for piece in [*more, *([not_taken(files.left_out)] if files.left_out else [])]:
        perform(matter, "answer", by=person, facts={"text": piece})
