"""Reading figures, and the events that are their evidence.

All take the same filters. ``since`` and ``until`` are days in the community's zone, both counted.
``organisation`` includes everything below it, ``area`` its parts, ``category`` those it groups.
Figures lag behind events until they are folded, and evidence with them: ``evidence(…).count()``
is always ``total(…)``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from linli.kernel.events.models import Event
from linli.kernel.indicators.declaration import Figure, figure_named
from linli.kernel.indicators.models import PendingEvent
from linli.kernel.indicators.summing import Axis, Step, sums
from linli.kernel.matters.board import category_and_parts
from linli.kernel.organisations.models import Organisation
from linli.kernel.places.parts import area_and_parts

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community
    from linli.kernel.places.models import Area

FIRST_DAY = date(2000, 1, 1)  # no matter began before
Standing = dict[Any, list[int]]  # by key: one number a month


@dataclass(frozen=True)
class Slice:
    """Which part of the figures is asked for."""

    community: Community
    since: date
    until: date
    organisation: Organisation | None = None
    area: Area | None = None
    category: str = ""

    def within(self, since: date, until: date) -> Slice:
        """Return the same part of other days; what it is narrowed to is not read again."""
        found = replace(self, since=since, until=until)
        for name in ("narrowed_to", "units_of_community"):
            if name in self.__dict__:
                found.__dict__[name] = self.__dict__[name]
        return found

    @cached_property
    def narrowed_to(self) -> dict[str, list[Any]]:
        """The keys of what it is narrowed to, by axis: with all below, parts, and those grouped."""
        found: dict[str, list[Any]] = {}
        if self.organisation is not None:
            below = Organisation.objects.filter(path__startswith=self.organisation.path)
            found["organisation"] = list(below.values_list("pk", flat=True))
        if self.area is not None:
            found["area"] = area_and_parts(self.area)
        if self.category:
            found["category"] = category_and_parts(self.community, self.category)
        return found

    @cached_property
    def units_of_community(self) -> list[int]:
        """The keys of all organisations of the community, whether they still stand or not."""
        rows = Organisation.objects.filter(community=self.community)
        return list(rows.values_list("pk", flat=True))

    def narrowed(self, organisation_column: str) -> Q:
        """Return the condition of organisation, area and category."""
        columns = {"organisation": organisation_column}
        return Q(**{
            f"{columns.get(axis, axis)}__in": keys for axis, keys in self.narrowed_to.items()
        })  # fmt: skip

    def counted_events(self, organisation_column: str) -> QuerySet[Event]:
        """All events of the slice that were folded; whose they are stands in the column."""
        zone = ZoneInfo(self.community.timezone)
        begin = datetime.combine(self.since, time(), zone)
        end = datetime.combine(self.until + timedelta(days=1), time(), zone)
        rows = Event.objects.filter(community=self.community, at__gte=begin, at__lt=end)
        rows = rows.filter(self.narrowed(organisation_column))
        return rows.filter(~Exists(PendingEvent.objects.filter(event_id=OuterRef("pk"))))


def total(
    figure: str | Figure,
    community: Community,
    since: date,
    until: date,
    organisation: Organisation | None = None,
    area: Area | None = None,
    category: str = "",
) -> int:
    """Return how many were counted. Raises UnknownIndicator."""
    asked = Slice(community, since, until, organisation, area, category)
    return total_of(asked, _named(figure))


def total_of(asked: Slice, figure: Figure) -> int:
    """Return how many were counted in a slice."""
    if getattr(figure, "cumulative", False):
        asked = asked.within(FIRST_DAY, asked.until)
    return sum(sums(asked, figure.kept).values())


def series(
    figure: str | Figure,
    community: Community,
    since: date,
    until: date,
    organisation: Organisation | None = None,
    area: Area | None = None,
    category: str = "",
    *,
    step: Step = "day",
) -> list[tuple[date, int]]:
    """Return the figure of each day, or of each month (its first day), without gaps."""
    asked = Slice(community, since, until, organisation, area, category)
    found: Counter[date | None] = Counter()
    for (_key, _name, moment), value in sums(asked, _named(figure).kept, step=step).items():
        found[moment] += value
    return [(day, found[day]) for day in _steps(since, until, step)]


def by_month(asked: Slice, figures: Iterable[Figure]) -> dict[str, Counter[date]]:
    """Return each figure of each month (its first day) that has one."""
    chosen = list(figures)
    kept = {name: one.name for one in chosen for name in one.kept}
    found: dict[str, Counter[date]] = {one.name: Counter() for one in chosen}
    for (_key, name, month), value in sums(asked, kept, step="month").items():
        if month is not None:
            found[kept[name]][month] += value
    return found


def by_organisation(asked: Slice, indicators: Iterable[str]) -> dict[int | None, dict[str, int]]:
    """Return figures by organisation (its primary key, None for none) and indicator."""
    found: dict[int | None, dict[str, int]] = {}
    for (key, name, _step), value in sums(asked, indicators, "organisation").items():
        found.setdefault(key or None, {})[name] = value
    return found


def stood(asked: Slice, figure: Figure, by: Axis | None, months: Sequence[date]) -> Standing:
    """Return how many stood in a state of a stock at the end of each month, by key of an axis.

    ``months``: first days in order, without gaps; the last ends with the slice, should that be
    sooner. What moved before the first is read as one sum.
    """
    found: Standing = {}
    before = asked.within(FIRST_DAY, months[0] - timedelta(days=1))
    opening: Counter[Any] = Counter()
    for (key, _name, _step), value in sums(before, figure.kept, by).items():
        opening[key] += value
    moved: dict[Any, Counter[date | None]] = {key: Counter() for key in opening}
    during = asked.within(months[0], asked.until)
    for (key, _name, month), value in sums(during, figure.kept, by, "month").items():
        moved.setdefault(key, Counter())[month] += value
    for key, moves in moved.items():
        standing = opening[key]
        found[key] = []
        for month in months:
            standing += moves[month]
            found[key].append(standing)
    return found


def evidence(
    figure: str | Figure,
    community: Community,
    since: date,
    until: date,
    organisation: Organisation | None = None,
    area: Area | None = None,
    category: str = "",
) -> QuerySet[Event]:
    """Return the events a figure counts; as many as `total` says. Raises UnknownIndicator."""
    return _named(figure).evidence(Slice(community, since, until, organisation, area, category))


def evidence_together(asked: Slice, figures: Sequence[Figure]) -> QuerySet[Event]:
    """Return the events that any of some figures counts in a slice; at least one is given."""
    first, *others = (one.evidence(asked) for one in figures)
    if not others:
        return first
    keys = Q(pk__in=first.order_by().values("pk"))
    for other in others:
        keys |= Q(pk__in=other.order_by().values("pk"))
    return Event.objects.filter(keys)


def _named(figure: str | Figure) -> Figure:
    return figure_named(figure) if isinstance(figure, str) else figure


def _steps(since: date, until: date, step: str) -> Iterator[date]:
    day = since.replace(day=1) if step == "month" else since
    while day <= until:
        yield day
        if step == "month":
            day = (day + timedelta(days=31)).replace(day=1)
        else:
            day += timedelta(days=1)
