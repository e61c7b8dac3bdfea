"""Reading figures, and the events that are their evidence.

All take the same filters. ``since`` and ``until`` are days in the community's zone, both counted.
``organisation`` includes everything below it, ``area`` its parts, ``category`` those it groups.
Figures lag behind events until they are folded, and evidence with them: ``evidence(…).count()``
is always ``total(…)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, Sum
from django.db.models.functions import TruncMonth

from linli.kernel.events.models import Event
from linli.kernel.indicators.declaration import Indicator, indicator_named
from linli.kernel.indicators.models import PendingEvent, Rollup
from linli.kernel.matters.board import category_and_parts
from linli.kernel.places.parts import area_and_parts

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community, Organisation
    from linli.kernel.places.models import Area


@dataclass(frozen=True)
class Slice:
    """Which part of the figures is asked for."""

    community: Community
    since: date
    until: date
    organisation: Organisation | None = None
    area: Area | None = None
    category: str = ""

    def narrowed(self, organisation_column: str) -> Q:
        """Return the condition of organisation, area and category."""
        found = Q()
        if self.organisation is not None:
            found &= Q(**{f"{organisation_column}__path__startswith": self.organisation.path})
        if self.area is not None:
            found &= Q(area__in=area_and_parts(self.area))
        if self.category:
            found &= Q(category__in=category_and_parts(self.community, self.category))
        return found

    @property
    def rollups(self) -> QuerySet[Rollup]:
        """The kept figures of the slice."""
        rows = Rollup.objects.filter(
            community=self.community, day__gte=self.since, day__lte=self.until
        )
        return rows.filter(self.narrowed("organisation"))

    def events(self, indicator: Indicator) -> QuerySet[Event]:
        """The events that the kept figures of the slice count."""
        return indicator.among(self.counted_events(indicator.of))

    def counted_events(self, organisation_column: str) -> QuerySet[Event]:
        """All events of the slice that were folded; whose they are stands in the column."""
        zone = ZoneInfo(self.community.timezone)
        begin = datetime.combine(self.since, time(), zone)
        end = datetime.combine(self.until + timedelta(days=1), time(), zone)
        rows = Event.objects.filter(community=self.community, at__gte=begin, at__lt=end)
        rows = rows.filter(self.narrowed(organisation_column))
        return rows.filter(~Exists(PendingEvent.objects.filter(event_id=OuterRef("pk"))))


def total(
    indicator: str | Indicator,
    community: Community,
    since: date,
    until: date,
    organisation: Organisation | None = None,
    area: Area | None = None,
    category: str = "",
) -> int:
    """Return how many were counted. Raises UnknownIndicator."""
    asked = Slice(community, since, until, organisation, area, category)
    rows = asked.rollups.filter(indicator=_named(indicator).name)
    return rows.aggregate(sum=Sum("value"))["sum"] or 0


def series(
    indicator: str | Indicator,
    community: Community,
    since: date,
    until: date,
    organisation: Organisation | None = None,
    area: Area | None = None,
    category: str = "",
    *,
    step: Literal["day", "month"] = "day",
) -> list[tuple[date, int]]:
    """Return the figure of each day, or of each month (its first day), without gaps."""
    asked = Slice(community, since, until, organisation, area, category)
    rows = asked.rollups.filter(indicator=_named(indicator).name)
    if step == "month":
        rows = rows.annotate(step=TruncMonth("day"))  # type: ignore[assignment]
    column = "step" if step == "month" else "day"
    sums = dict(rows.values_list(column).annotate(sum=Sum("value")).order_by(column))
    return [(day, sums.get(day, 0)) for day in _steps(since, until, step)]


def by_month(asked: Slice) -> dict[str, dict[date, int]]:
    """Return each indicator's figure of each month (its first day) that has one. One query."""
    found: dict[str, dict[date, int]] = {}
    rows = asked.rollups.annotate(month=TruncMonth("day")).values_list("indicator", "month")
    for indicator, month, value in rows.annotate(sum=Sum("value")).order_by():
        found.setdefault(indicator, {})[month] = value
    return found


def by_organisation(asked: Slice, indicators: Iterable[str]) -> dict[int | None, dict[str, int]]:
    """Return the figures of each organisation by its key, what lies below it apart. One query."""
    found: dict[int | None, dict[str, int]] = {}
    rows = asked.rollups.filter(indicator__in=list(indicators))
    summed = rows.values_list("organisation", "indicator").annotate(sum=Sum("value"))
    for organisation, indicator, value in summed.order_by():
        found.setdefault(organisation, {})[indicator] = value
    return found


def evidence(
    indicator: str | Indicator,
    community: Community,
    since: date,
    until: date,
    organisation: Organisation | None = None,
    area: Area | None = None,
    category: str = "",
) -> QuerySet[Event]:
    """Return the events a figure counts; as many as `total` says. Raises UnknownIndicator."""
    asked = Slice(community, since, until, organisation, area, category)
    return asked.events(_named(indicator))


def _named(indicator: str | Indicator) -> Indicator:
    return indicator_named(indicator) if isinstance(indicator, str) else indicator


def _steps(since: date, until: date, step: str) -> Iterator[date]:
    day = since.replace(day=1) if step == "month" else since
    while day <= until:
        yield day
        if step == "month":
            day = (day + timedelta(days=31)).replace(day=1)
        else:
            day += timedelta(days=1)
