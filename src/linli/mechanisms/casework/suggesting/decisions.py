"""What the desk decided, read from events: the labels to learn from and to be judged by."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F

from linli.kernel.events.models import Event
from linli.mechanisms.casework.suggesting.models import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Community, Organisation

KINDS = {
    Subject.CATEGORY: ("casework.triaged",),
    Subject.UNIT: ("casework.dispatched", "casework.assigned"),
}
MOST = 3_000  # decisions learnt from, the newest: 300 MB while fitting
KEPT_ASIDE = 5  # one of so many is never learnt from


@dataclass(frozen=True)
class Decision:
    """The words of a matter and the code the desk gave it. ``reporter``: only told apart."""

    matter_id: int
    text: str
    code: str
    reporter: int
    at: datetime

    @property
    def kept_aside(self) -> bool:
        """Whether it judges models and never teaches one: by the matter, the same for ever."""
        return zlib.crc32(str(self.matter_id).encode()) % KEPT_ASIDE == 0


def text_of(matter: Matter) -> tuple[str, int]:
    """Return what is read of a matter, and where its text begins in that.

    A title of its own comes first as the heading; one cut from the text would say it twice.
    """
    if matter.title and not matter.text.startswith(matter.title.rstrip("….")):
        return f"{matter.title}\n{matter.text}", len(matter.title) + 1
    return matter.text, 0


def unit_code(organisation: Organisation) -> str:
    """Return by which code a unit is suggested: its own, else its identifier."""
    return organisation.code or str(organisation.uuid)


def decisions(
    community: Community, subject: str, since: datetime | None = None, most: int = MOST
) -> list[Decision]:
    """Return the newest decision on each matter, newest first. One query.

    A unit the matter was taken back from is no decision: it only counts while it stands. Nor
    does a matter whose words were erased.
    """
    rows = Event.objects.filter(community=community, kind__in=KINDS[Subject(subject)])
    if since is not None:
        rows = rows.filter(at__gt=since)
    if subject == Subject.UNIT:
        rows = rows.filter(answerable=F("matter__responsible"))
    rows = rows.select_related("matter", "answerable").order_by("-at", "-pk")[: 2 * most]
    return list(_newest_each(rows, subject))[:most]


def _newest_each(events: Iterable[Event], subject: str) -> Iterable[Decision]:
    seen: set[int] = set()
    for event in events:
        matter = event.matter
        unit = event.answerable
        code = (unit_code(unit) if unit else "") if subject == Subject.UNIT else event.category
        text = text_of(matter)[0]
        if matter.pk in seen or not code or not text.strip():
            continue
        seen.add(matter.pk)
        yield Decision(matter.pk, text, code, matter.reporter_id or -matter.pk, event.at)
