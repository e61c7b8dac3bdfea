"""Figures of how matters stand: how many are open, how far those of a month have come.

>>> def state():
...     return Case(When(~Q(to_stage__in=ENDS), then=Value("open")))
>>> Stock("casework.open", "casework", state, ("open",))

Each event of a matter puts it into a state, or into none. Folding an event adds one to its state,
at where the matter belongs after it, and takes one from the state before, where it belonged then:
both read from these two events and what precedes them, which never changes. So a stock, like any
figure, adds up over days, units and places, and its evidence is the last event of each matter
that stands so.

``dated``: "now": the moves count on the day they happen, and the sum of all days up to one is how
many stood so at its end. "began": they count on the day the matter began, and the sum of some
days is how the matters that began then stand.

The events of a matter must not lie before those they follow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Subquery

from linli.kernel.events.models import Event
from linli.kernel.indicators.cells import Cell
from linli.kernel.indicators.declaration import declare
from linli.kernel.indicators.models import PendingEvent

if TYPE_CHECKING:
    from django.db.models import Expression, QuerySet

    from linli.kernel.indicators.reading import Slice
    from linli.kernel.organisations.models import Community


@dataclass(frozen=True)
class Stock:
    """In which state matters of a procedure stand.

    ``state``: returns what an event leads to, as an expression over `Event`: text, or NULL for
    none. It may look at the event and at earlier ones of its matter, never at anything else.
    """

    name: str
    procedure: str
    state: Callable[[], Expression]
    states: tuple[str, ...]
    dated: Literal["now", "began"] = "now"

    def __post_init__(self) -> None:
        stocks[self.name] = self

    def among(self, events: QuerySet[Event]) -> QuerySet[Any]:
        """Return the events of the procedure with the ``state`` each leads to."""
        own = events.filter(kind__startswith=f"{self.procedure}.")
        return own.annotate(state=self.state())

    def kept_as(self, state: str) -> str:
        """Return the name under which a state is kept."""
        return f"{self.name}:{state}"


@dataclass(frozen=True)
class InState:
    """A figure of a stock: how many matters stand in one of some states."""

    name: str
    label: Any
    stock: Stock
    states: tuple[str, ...] = field(repr=False)

    def __post_init__(self) -> None:
        declare(self)

    @property
    def kept(self) -> tuple[str, ...]:
        """The names under which its states are kept."""
        return tuple(self.stock.kept_as(state) for state in self.states)

    @property
    def cumulative(self) -> bool:
        """Whether days before those asked for count: a stock at a day is all moves up to it."""
        return self.stock.dated == "now"

    def evidence(self, asked: Slice) -> QuerySet[Event]:
        """Return the event by which each matter came to stand so."""
        zone = ZoneInfo(asked.community.timezone)
        begin = datetime.combine(asked.since, time(), zone)
        end = datetime.combine(asked.until + timedelta(days=1), time(), zone)
        every = Event.objects.filter(community=asked.community)
        rows: QuerySet[Event] = every.filter(asked.narrowed("answerable"))
        later = folded(Event.objects.filter(matter=OuterRef("matter"), seq__gt=OuterRef("seq")))
        if self.stock.dated == "now":
            rows, later = rows.filter(at__lt=end), later.filter(at__lt=end)
        else:
            rows = rows.filter(matter__created_at__gte=begin, matter__created_at__lt=end)
        rows = folded(rows).filter(~Exists(later))
        return self.stock.among(rows).filter(state__in=self.states)


stocks: dict[str, Stock] = {}


def folded(events: QuerySet[Event]) -> QuerySet[Event]:
    """Return those of the events that the figures have counted."""
    return events.filter(~Exists(PendingEvent.objects.filter(event_id=OuterRef("pk"))))


def moves_of(community: Community, events: QuerySet[Event]) -> Counter[Cell]:
    """Return what folding some events adds to, and takes from, which cells of the stocks."""
    found: Counter[Cell] = Counter()
    before = Event.objects.filter(matter=OuterRef("matter"), seq=OuterRef("seq") - 1)
    linked = events.annotate(
        before=Subquery(before.values("pk")[:1]), began=F("matter__created_at")
    )
    for stock in stocks.values():
        rows = list(_states(stock, linked, "before", "began"))
        keys = [row["before"] for row in rows if row["before"]]
        earlier = {row["pk"]: row for row in _states(stock, Event.objects.filter(pk__in=keys))}
        for row in rows:
            _move(found, community, stock, row, earlier.get(row["before"]))
    return Counter({cell: value for cell, value in found.items() if value})


def _states(stock: Stock, events: QuerySet[Event], *more: str) -> Iterable[dict[str, Any]]:
    columns = ("pk", "at", "answerable_id", "area_id", "category", "state", *more)
    return stock.among(events).values(*columns)


def _move(
    found: Counter[Cell], community: Community, stock: Stock, row: dict[str, Any], earlier: Any
) -> None:
    day = community.day_of(row["began"] if stock.dated == "began" else row["at"])
    for one, value in ((row, 1), (earlier, -1)):
        if one and one["state"] is not None:
            found[
                Cell(
                    community.pk, stock.kept_as(one["state"]), day, one["answerable_id"] or 0,
                    one["area_id"] or 0, one["category"],
                )
            ] += value  # fmt: skip


def moves_of_all(community: Community, events: QuerySet[Event]) -> Counter[Cell]:
    """Count the stocks anew from all events given, which are a community's folded ones.

    Not as folding does: what a matter leads to is counted at its event, and taken back at the
    event that follows; of what is dated by its beginning, the last event of each matter alone.
    """
    found: Counter[Cell] = Counter()
    follows = folded(Event.objects.filter(matter=OuterRef("matter"), seq=OuterRef("seq") + 1))
    linked = events.annotate(
        next_at=Subquery(follows.values("at")[:1]), began=F("matter__created_at")
    )
    for stock in stocks.values():
        rows = stock.among(linked).filter(state__isnull=False)
        if stock.dated == "began":
            rows = rows.filter(next_at__isnull=True)
        columns = ("at", "next_at", "began", "state", "answerable_id", "area_id", "category")
        for at, next_at, began, state, unit, area, category in rows.values_list(
            *columns
        ).iterator():

            def cell(moment: datetime) -> Cell:
                name = stock.kept_as(state)  # noqa: B023
                day = community.day_of(moment)
                return Cell(community.pk, name, day, unit or 0, area or 0, category)  # noqa: B023

            found[cell(began if stock.dated == "began" else at)] += 1
            if stock.dated == "now" and next_at is not None:
                found[cell(next_at)] -= 1
    return Counter({one: value for one, value in found.items() if value})
