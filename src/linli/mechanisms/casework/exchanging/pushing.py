"""Sending requests to an endpoint: what the desk referred there, each once.

The row that says what is to be sent is written with the event. A try that may have arrived is
looked for at the other side before it is made again, by our number in the description; servers
that heed ``Idempotency-Key`` (Linli does) need no such search.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from linli.kernel.access.relations import SYSTEM
from linli.kernel.events.subscriptions import subscribe
from linli.kernel.exchange.answers import Receipt
from linli.kernel.exchange.asking import Never, NotNow, NotTaken
from linli.kernel.exchange.endpoints import server_of
from linli.kernel.exchange.models import Endpoint, Exchanged
from linli.kernel.matters.models import Matter
from linli.kernel.notify.claiming import LONGEST_PAUSE, TRIES, pause_after
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.exchanging.pulling import reference

if TYPE_CHECKING:
    from datetime import datetime

    from linli.kernel.events.models import Event
    from linli.kernel.exchange.asking import Server

LEASE = timedelta(minutes=3)  # longer than any sending may last
AT_ONCE = 50
SPAN = timedelta(days=2)  # how far back one that may have arrived is looked for
LONGEST_TEXT = 3_900  # GeoReport v2 allows 4,000 characters; our number comes after


@subscribe("casework.referred")
def write_for_endpoint(event: Event) -> None:
    """Write what is to be sent, in the transaction of the event that says so."""
    uuid = event.facts.get("endpoint")
    if not uuid:
        return
    matter = event.matter
    text = event.facts.get("handover") or matter.public_text or matter.public_title
    Exchanged.objects.get_or_create(
        endpoint=Endpoint.objects.get(uuid=uuid),
        matter=matter,
        defaults={"way": Exchanged.Way.OUT, "state": Exchanged.State.WAITING, "text": text},
    )


def push_due(now: datetime | None = None, endpoint: Endpoint | None = None) -> int:
    """Send what is due, at most `AT_ONCE`; return how many were taken or given up."""
    now = now or timezone.now()
    rows = Exchanged.objects.filter(
        way=Exchanged.Way.OUT, state=Exchanged.State.WAITING, next_attempt_at__lte=now,
        endpoint__active=True,
    )  # fmt: skip
    if endpoint is not None:
        rows = rows.filter(endpoint=endpoint)
    keys = list(rows.order_by("next_attempt_at").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_send(key, now) for key in keys)


def _send(key: int, now: datetime) -> bool:
    """Claim one and send it; each claim counts as a try, also where the worker is killed."""
    claimed = Exchanged.objects.filter(
        pk=key, state=Exchanged.State.WAITING, next_attempt_at__lte=now
    ).update(next_attempt_at=now + LEASE, attempts=F("attempts") + 1)
    if not claimed:
        return False
    row = Exchanged.objects.select_related("endpoint", "matter__pack").get(pk=key)
    try:
        receipt = _given(row, server_of(row.endpoint))
    except NotTaken as failure:
        return _failed(row, failure, now)
    if not receipt.id:
        Exchanged.objects.filter(pk=key).update(
            their_token=receipt.token, unsure=False, last_error="",
            attempts=0, next_attempt_at=now + timedelta(minutes=1),
        )  # fmt: skip
        return False
    return _taken(row, receipt)


def _given(row: Exchanged, server: Server) -> Receipt:
    """Give a request to the server, or find it there. Raises NotTaken."""
    if row.their_token:
        return Receipt(server.id_of_token(row.their_token), row.their_token)
    if row.unsure and (found := _arrived(row, server)):
        return Receipt(found, "")
    return server.submit(_fields(row), row.uuid.hex)


def _arrived(row: Exchanged, server: Server) -> str:
    """Return the identifier of a request that an earlier try brought there, if it can be seen."""
    service, now = _service(row), timezone.now()
    found, _unreadable = server.made_since(now - SPAN, now, [service], status="")
    return next((one.id for one in found if reference(row) in one.description), "")


def _fields(row: Exchanged) -> dict[str, str]:
    matter = _matter(row)
    fields = {
        "service_code": _service(row),
        "description": f"{row.text[:LONGEST_TEXT]} {reference(row)}",
        "account_id": matter.number,
    }
    if matter.longitude is not None and matter.latitude is not None:
        return fields | {"lat": f"{matter.latitude:.6f}", "long": f"{matter.longitude:.6f}"}
    return fields | {"address_string": matter.address_text}


def _service(row: Exchanged) -> str:
    service = row.endpoint.service_for(_matter(row).category)
    if not service:
        raise Never("404")
    return service


def _matter(row: Exchanged) -> Matter:
    assert row.matter is not None  # noqa: S101 - one to be sent has a matter
    return row.matter


def _failed(row: Exchanged, failure: NotTaken, now: datetime) -> bool:
    changed: dict[str, object] = {"last_error": str(failure)[:300]}
    dead = isinstance(failure, Never) or row.attempts >= TRIES
    if isinstance(failure, NotNow):
        changed["unsure"] = row.unsure or failure.arrived
        pause = min(failure.retry_after or pause_after(row.attempts), LONGEST_PAUSE)
        changed["next_attempt_at"] = now + timedelta(seconds=pause)
    if dead:
        changed["state"] = Exchanged.State.DEAD
    Exchanged.objects.filter(pk=row.pk).update(**changed)
    return dead


def _taken(row: Exchanged, receipt: Receipt) -> bool:
    """Keep the number it has there and write the event, together."""
    try:
        with transaction.atomic():
            Exchanged.objects.filter(pk=row.pk).update(
                state=Exchanged.State.SHARED, their_id=receipt.id, their_status="open",
                unsure=False, last_error="",
            )  # fmt: skip
            facts = {"to": row.endpoint.name, "their_id": receipt.id}
            perform(_matter(row), "note_sent", by=SYSTEM, facts=facts)
    except IntegrityError:  # it gave two requests one number: a person must look
        Exchanged.objects.filter(pk=row.pk).update(
            state=Exchanged.State.DEAD, last_error=f"{receipt.id}?"
        )
    return True
