"""Fetching requests from an endpoint, each once, and what became of those that both know."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.access.relations import SYSTEM
from linli.kernel.exchange.asking import NotTaken
from linli.kernel.exchange.endpoints import note_failure, server_of
from linli.kernel.exchange.models import Endpoint, Exchanged
from linli.kernel.procedures.errors import Refused
from linli.kernel.procedures.facts import TEXT_MAX
from linli.kernel.procedures.performing import begin, perform

if TYPE_CHECKING:
    from datetime import datetime

    from linli.kernel.exchange.answers import TheirRequest
    from linli.kernel.exchange.asking import Server

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=10)
# Many show a request only after somebody looked at it, under the time when it was made.
LOOK_BACK, LOOK_FAR_BACK = timedelta(days=1), timedelta(days=30)  # each time; once a day
LONGEST_SPAN = timedelta(days=89)  # GeoReport v2 allows 90 in one question
LONGEST_PAUSE = timedelta(hours=6)
CLOSED_LOOKED_AT = timedelta(days=30)  # a request closed there may be opened again


@dataclass
class Pulled:
    """What a fetch brought."""

    new: int = 0
    news: int = 0  # of requests known before
    unreadable: int = 0
    refused: int = 0
    failure: str = ""


def pull(endpoint: Endpoint, now: datetime | None = None) -> Pulled:
    """Fetch what is new at an endpoint and what became of what both know.

    Where the server fails, what was fetched by then stays, and the next fetch begins at the same
    time again.
    """
    now, done = now or timezone.now(), Pulled()
    try:
        server = server_of(endpoint)
        if endpoint.pulls:
            _fetch_new(endpoint, server, now, done)
            _fetch_again(endpoint, server, done)
        _fetch_news(endpoint, server, now, done)
    except NotTaken as failure:
        done.failure = str(failure)
        pause = min(EVERY * 2 ** min(endpoint.failures, 10), LONGEST_PAUSE)
        note_failure(endpoint, done.failure, pause.total_seconds())
        return done
    rows = Endpoint.objects.filter(pk=endpoint.pk)
    rows.update(failures=0, last_error="", pulled_at=now, next_pull_at=now + EVERY)
    return done


def _fetch_new(endpoint: Endpoint, server: Server, now: datetime, done: Pulled) -> None:
    since = _beginning(endpoint, now)
    while since < now:
        until = min(now, since + LONGEST_SPAN)
        found, unreadable = server.made_since(since, until, sorted(endpoint.services))
        done.unreadable += unreadable
        _take_all(endpoint, found, done)
        since = until


def _beginning(endpoint: Endpoint, now: datetime) -> datetime:
    last = endpoint.pulled_at
    if last is None:
        return endpoint.since
    back = LOOK_BACK if last.date() == now.date() else LOOK_FAR_BACK
    return max(endpoint.since, last - back)


def _take_all(endpoint: Endpoint, found: list[TheirRequest], done: Pulled) -> None:
    """Take what is open, for us, and not known here yet. Two queries besides what is written."""
    rows = Exchanged.objects.filter(endpoint=endpoint)
    numbers = [theirs.id for theirs in found]
    known = set(rows.filter(their_id__in=numbers).values_list("their_id", flat=True))
    # Those we sent, whose number there we have not heard yet, are known by ours.
    unnamed = rows.filter(way=Exchanged.Way.OUT, their_id="").select_related("matter")
    marks = [reference(row) for row in unnamed]
    for theirs in found:
        wanted = theirs.status == "open" and theirs.service in endpoint.services
        sent = any(mark in theirs.description for mark in marks)
        if wanted and not sent and theirs.id not in known:
            _take(endpoint, theirs, done)


def _take(endpoint: Endpoint, theirs: TheirRequest, done: Pulled) -> None:
    try:
        with transaction.atomic():
            matter = begin(
                "casework",
                "take_over",
                community=endpoint.community,
                by=SYSTEM,
                facts=_facts(endpoint, theirs),
            ).matter
            row = _known(endpoint, theirs, Exchanged.State.SHARED)
            row.matter = matter
            row.save()
        done.new += 1
    except IntegrityError:  # another worker took it meanwhile
        return
    except Refused as refusal:
        done.refused += 1
        row = _known(endpoint, theirs, Exchanged.State.DEAD)
        row.last_error = str(refusal)[:300]
        row.save()


def _known(endpoint: Endpoint, theirs: TheirRequest, state: Exchanged.State) -> Exchanged:
    return Exchanged(
        endpoint=endpoint,
        way=Exchanged.Way.IN,
        state=state,
        their_id=theirs.id,
        their_status=theirs.status,
        their_notes=theirs.notes,
        their_updated_at=theirs.updated_at,
    )


def _facts(endpoint: Endpoint, theirs: TheirRequest) -> dict[str, object]:
    facts: dict[str, object] = {
        "text": theirs.description[:TEXT_MAX] or f"{endpoint.name} {theirs.id}",
        "category": endpoint.services[theirs.service],
        "source": endpoint.name,
        "source_id": theirs.id,
        "longitude": theirs.longitude,
        "latitude": theirs.latitude,
    }
    if theirs.address:
        facts["address"] = theirs.address
    if theirs.requested_at:
        facts["made_at"] = theirs.requested_at.isoformat()
    return facts


def _fetch_again(endpoint: Endpoint, server: Server, done: Pulled) -> None:
    """Try once more what could not be taken, where somebody asked for it."""
    rows = Exchanged.objects.filter(
        endpoint=endpoint, way=Exchanged.Way.IN, state=Exchanged.State.WAITING
    )
    numbers = list(rows.values_list("their_id", flat=True))
    found = server.numbered(numbers)
    rows.filter(their_id__in=[theirs.id for theirs in found]).delete()
    rows.filter(their_id__in=numbers).update(
        state=Exchanged.State.DEAD, last_error=_("It tells nothing of it any more.")
    )
    _take_all(endpoint, found, done)


def reference(row: Exchanged) -> str:
    """Return the mark by which a request we sent is known again: our number, in brackets."""
    return f"[{row.matter.number}]" if row.matter else ""


# --- news of what both know -----------------------------------------------------------------
def _fetch_news(endpoint: Endpoint, server: Server, now: datetime, done: Pulled) -> None:
    rows = Exchanged.objects.filter(endpoint=endpoint, state=Exchanged.State.SHARED)
    lately = rows.exclude(
        their_status="closed", their_updated_at__lt=now - CLOSED_LOOKED_AT
    ).exclude(their_id="")
    known = {row.their_id: row for row in lately.select_related("matter", "endpoint")}
    for theirs in server.numbered(sorted(known)):
        done.news += hear_of(known[theirs.id], theirs)


def hear_of(row: Exchanged, theirs: TheirRequest) -> bool:
    """Put what is new about a request into its matter; return whether anything was."""
    if row.matter is None or row.heard_before(theirs.status, theirs.notes, theirs.updated_at):
        return False
    facts = {"source": row.endpoint.name, "status": theirs.status}
    if theirs.notes:
        facts["notes"] = theirs.notes[:TEXT_MAX]
    before = {"their_status": row.their_status, "their_notes": row.their_notes}
    with transaction.atomic():
        # Only one of several workers: who changes the row writes the event.
        changed = Exchanged.objects.filter(pk=row.pk, **before).update(
            their_status=theirs.status,
            their_notes=theirs.notes,
            their_updated_at=theirs.updated_at or timezone.now(),
        )
        if changed:
            perform(row.matter, "hear", by=SYSTEM, facts=facts)
    return bool(changed)
