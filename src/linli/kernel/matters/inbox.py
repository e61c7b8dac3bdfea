"""The inbox: what lies with a person by the posts held, the clock that falls due first on top."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from linli.kernel.matters.board import category_and_parts
from linli.kernel.matters.finding import marks_within, newest_holding, numbers_typed
from linli.kernel.matters.models import Matter
from linli.kernel.matters.search import OPEN_MARK
from linli.kernel.matters.visibility import in_charge, scope_of
from linli.kernel.matters.words import wanted

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community, Organisation
    from linli.kernel.people.models import Person
    from linli.kernel.places.models import Area

PAGE = 50
MOST_COUNTED = 1_000
MOST_BY_WORDS = 500


@dataclass(frozen=True)
class InboxFilters:
    """What narrows an inbox; everything left empty narrows nothing.

    ``narrow`` is a condition of a mechanism's own, such as “returned more than once”.
    """

    closed: bool = False
    stage: str = ""
    category: str = ""
    area: Area | None = None
    responsible: Organisation | None = None
    urgency: str = ""
    overdue: bool = False
    text: str = ""
    narrow: Q = field(default_factory=Q)


@dataclass(frozen=True)
class InboxPage:
    """One page; ``after`` is handed back for the next one, empty at the end.

    ``size``: how many the whole inbox holds, counted up to `MOST_COUNTED`; None if not asked.
    """

    matters: list[Matter]
    after: str
    size: int | None = None


def inbox(
    person: Person,
    community: Community,
    filters: InboxFilters | None = None,
    *,
    after: str = "",
    size: int = PAGE,
    counted: bool = False,
) -> InboxPage:
    """Return a page of a person's inbox, sorted by clock, matters without one last.

    A page is found by the last matter of the one before, so the thousandth is as fast as the
    first. Closed matters come newest first. An ``after`` that makes no sense starts anew.
    ``counted``: say also how many there are in all; one query more.
    """
    filters = filters or InboxFilters()
    rows = inbox_rows(person, community, filters)
    position: _Position | None = _Position.read(after, filters.closed)
    found: list[Matter] = []
    while position and len(found) <= size:
        found += _whole(position.slice(rows), size + 1 - len(found))
        position = position.then()
    more = len(found) > size
    last = found[size - 1] if more else None
    whole = rows[:MOST_COUNTED].count() if counted else None
    return InboxPage(found[:size], _Position.of(last, filters.closed) if last else "", whole)


def _whole(rows: QuerySet[Matter], size: int) -> QuerySet[Matter]:
    """Return the first rows with what lists show. One query.

    The keys are found first, by the index alone: joined before, a few thousand rows would be
    sorted to show fifty.
    """
    keys = rows.values("pk")[:size]
    whole = Matter.objects.filter(pk__in=keys).order_by(*rows.query.order_by)
    return whole.select_related("responsible", "area", "desk").defer("area__boundary")


def inbox_rows(person: Person, community: Community, filters: InboxFilters) -> QuerySet[Matter]:
    """Return all matters of a filtered inbox, in no order."""
    rows = in_charge(person, community).filter(filters.narrow, closed_at__isnull=not filters.closed)
    if filters.stage:
        rows = rows.filter(stage=filters.stage)
    if filters.category:
        rows = rows.filter(category__in=category_and_parts(community, filters.category))
    if filters.area:
        rows = rows.filter(area=filters.area)
    if filters.responsible:
        rows = rows.filter(responsible=filters.responsible)
    if filters.urgency:
        rows = rows.filter(urgency=filters.urgency)
    if filters.overdue:
        rows = rows.filter(due_at__lt=timezone.now())
    if filters.text.strip():
        rows = rows.filter(_by_text(person, community, filters, rows))
    return rows


def _by_text(
    person: Person, community: Community, filters: InboxFilters, rows: QuerySet[Matter]
) -> Q:
    if numbers := numbers_typed(community, filters.text.strip()):
        return Q(number__in=numbers)
    marks = [marks_within(scope_of(person, community)), [] if filters.closed else [OPEN_MARK]]
    sought = wanted(filters.text)
    return Q(pk__in=newest_holding("words", community, sought, rows, MOST_BY_WORDS, marks))


@dataclass(frozen=True)
class _Position:
    """Where in the inbox a page begins: in which part, and after which row of it."""

    part: str  # "due", "undated" or "closed"
    at: datetime | None = None
    key: int = 0

    @classmethod
    def read(cls, after: str, closed: bool) -> _Position:
        first = cls("closed" if closed else "due")
        part, _, rest = after.partition("~")
        at, _, key = rest.partition("~")
        try:
            found = cls(part, datetime.fromisoformat(at) if at else None, int(key))
        except ValueError:
            return first
        dated = found.at is not None and timezone.is_aware(found.at)
        sound = part in (("closed",) if closed else ("due", "undated"))
        return (
            found if sound and dated == (part != "undated") and 0 < found.key < 1 << 63 else first
        )

    @classmethod
    def of(cls, matter: Matter, closed: bool) -> str:
        at = matter.closed_at if closed else matter.due_at
        part = "closed" if closed else "due" if at else "undated"
        return f"{part}~{at.isoformat() if at else ''}~{matter.pk}"

    def then(self) -> _Position | None:
        return _Position("undated") if self.part == "due" else None

    def slice(self, rows: QuerySet[Matter]) -> QuerySet[Matter]:
        if self.part == "undated":
            return rows.filter(due_at__isnull=True, pk__gt=self.key).order_by("pk")
        if self.part == "closed":
            return self._older(rows).order_by("-closed_at", "-pk")
        rows = rows.filter(due_at__isnull=False)
        if self.at:
            # The first condition is what the index can begin at; the second is exact.
            rows = rows.filter(Q(due_at__gt=self.at) | Q(pk__gt=self.key), due_at__gte=self.at)
        return rows.order_by("due_at", "pk")

    def _older(self, rows: QuerySet[Matter]) -> QuerySet[Matter]:
        if self.at:
            rows = rows.filter(
                Q(closed_at__lt=self.at) | Q(pk__lt=self.key), closed_at__lte=self.at
            )
        return rows
