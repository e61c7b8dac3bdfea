"""Matters, events and figures in bulk, as rows for a table.

Never in bulk: who reported, their own words and addresses, and whatever an action declares as
personal. Two readers: the public, who get what the board shows, and the organisation itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum

from linli.kernel.events.models import Event
from linli.kernel.indicators.models import Rollup
from linli.kernel.matters.models import Audience, Matter
from linli.kernel.procedures.declaration import action_of_event
from linli.kernel.procedures.errors import Unknown
from linli.kernel.procedures.facts import visibility_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community

PAGE = 2_000
ROUGHLY = 3  # decimals of a degree: some 100 m
WHAT = ("matters", "events", "figures")

_MATTER = (
    "number", "procedure", "stage", "category", "area", "responsible", "created_at", "changed_at",
    "closed_at", "public_title", "public_text",
)  # fmt: skip
_MATTER_PLACE = ("longitude", "latitude")
_MATTER_WITHIN = ("audience", "urgency", "channel", "desk", "due_at", "due_clock")
_EVENT = ("matter", "seq", "kind", "at", "from_stage", "to_stage", "organisation", "facts")
_EVENT_WITHIN = ("audience", "relation", "answerable", "area", "category")
_FIGURE = ("indicator", "day", "value")
_FIGURE_WITHIN = ("organisation", "area", "category")
_REFERENCES = {
    "area": "area__code", "responsible": "responsible__name", "desk": "desk__name",
    "organisation": "organisation__name", "answerable": "answerable__name",
    "matter": "matter__number",
}  # fmt: skip


@dataclass(frozen=True)
class Further:
    """Columns a mechanism adds to the matters an organisation takes out for itself.

    ``values(keys)`` returns the values by the key of the matter, one for each column; a matter
    without any is left out of it. Never personal ones.
    """

    columns: Sequence[str]
    values: Callable[[Sequence[int]], Mapping[int, Sequence[Any]]]


_further: list[Callable[[Community], Further]] = []


def also_export(further: Callable[[Community], Further]) -> None:
    """Let a mechanism add columns; it is asked once an export."""
    _further.append(further)


@dataclass(frozen=True)
class Export:
    """What is asked for; ``since`` and ``until`` are days in the community's zone, both in it."""

    community: Community
    what: str
    public: bool
    since: date | None = None
    until: date | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table, in order."""
        if self.what == "matters":
            own = (*_MATTER, *_MATTER_PLACE, *(() if self.public else _MATTER_WITHIN))
            return (*own, *(name for one in self._added for name in one.columns))
        if self.what == "events":
            return (*_EVENT, *(() if self.public else _EVENT_WITHIN))
        return (*_FIGURE, *(() if self.public else _FIGURE_WITHIN))

    def rows(self) -> Iterator[Sequence[Any]]:
        """Yield the rows, reading a page at a time however many there are."""
        if self.what == "matters":
            yield from self._matters()
        elif self.what == "events":
            yield from self._events()
        else:
            yield from self._figures()

    def _matters(self) -> Iterator[Sequence[Any]]:
        rows = Matter.objects.filter(self._between("created_at"), community=self.community)
        columns = self.columns[: len(self.columns) - sum(len(one.columns) for one in self._added)]
        places = [columns.index(name) for name in _MATTER_PLACE]
        for page in _pages(self._for_reader(rows, "audience"), columns):
            keys = [key for key, *_row in page]
            added = [(one.columns, one.values(keys)) for one in self._added]
            for key, *found in page:
                for place in places if self.public else ():
                    found[place] = None if found[place] is None else round(found[place], ROUGHLY)
                for names, values in added:
                    found.extend(values.get(key, [None] * len(names)))
                yield found

    @cached_property
    def _added(self) -> list[Further]:
        return [] if self.public else [further(self.community) for further in _further]

    def _events(self) -> Iterator[Sequence[Any]]:
        events = Event.objects.filter(self._between("at"), community=self.community)
        rows = self._for_reader(self._for_reader(events, "audience"), "matter__audience")
        facts, kind = self.columns.index("facts"), self.columns.index("kind")
        for row in _in_pages(rows, self.columns):
            found = list(row)
            found[facts] = self._readable(found[kind], found[facts])
            yield found

    def _figures(self) -> Iterator[Sequence[Any]]:
        rows = Rollup.objects.filter(community=self.community)
        if self.since:
            rows = rows.filter(day__gte=self.since)
        if self.until:
            rows = rows.filter(day__lte=self.until)
        if not self.public:
            yield from _in_pages(rows, self.columns)
            return
        sums = rows.values_list("indicator", "day").annotate(sum=Sum("value"))
        yield from sums.order_by("indicator", "day")

    def _for_reader(self, rows: QuerySet[Any], column: str) -> QuerySet[Any]:
        """Leave out what the reader may not see; what is for named people only, for all."""
        if self.public:
            return rows.filter(**{column: Audience.PUBLIC})
        return rows.exclude(**{column: Audience.NAMED})

    def _readable(self, kind: str, facts: dict[str, Any]) -> dict[str, Any]:
        allowed = _readable_fields(kind, public=self.public)
        declared = _readable_fields(kind, public=None)
        return {
            name: value
            for name, value in facts.items()
            if name in allowed or (name not in declared and not self.public)
        }

    def _between(self, column: str) -> Q:
        zone, found = ZoneInfo(self.community.timezone), Q()
        if self.since:
            found &= Q(**{f"{column}__gte": datetime.combine(self.since, time(), zone)})
        if self.until:
            end = datetime.combine(self.until + timedelta(days=1), time(), zone)
            found &= Q(**{f"{column}__lt": end})
        return found


def _readable_fields(kind: str, *, public: bool | None) -> set[str]:
    """Return the facts of an event that the reader may have; every declared one for None."""
    try:
        _procedure, action = action_of_event(kind)
    except Unknown:  # left by a mechanism that is not installed any more
        return set()
    fields = action.facts.model_fields.items()
    if public is None:
        return {name for name, _field in fields}
    open_to = {Audience.PUBLIC} if public else {*Audience} - {Audience.NAMED}
    visible = ((name, visibility_of(field)) for name, field in fields)
    return {name for name, one in visible if one.audience in open_to and not one.personal}


def _in_pages(rows: QuerySet[Any, Any], columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    for page in _pages(rows, columns):
        for row in page:
            yield row[1:]


def _pages(rows: QuerySet[Any, Any], columns: Sequence[str]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield pages of rows, the key first, by key; PgBouncer allows no cursor that stays open."""
    names = [_REFERENCES.get(name, name) for name in columns]
    last = 0
    while page := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", *names)[:PAGE]):
        yield page
        last = page[-1][0]
