"""Figures over the API: the tables of the workbench's pages, and the events each number counts.

For staff. What is asked for and is not there is refused: another figure would be answered else.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from linli.kernel.access.relations import is_staff
from linli.kernel.events.pages import newest_first
from linli.kernel.indicators.declaration import UnknownIndicator, figure_named
from linli.kernel.indicators.reading import Slice
from linli.kernel.matters.queries import visible_to
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.errors import InvalidFacts, NotAllowed
from linli.mechanisms.casework.figures import TABLES, Cell, Opens, Question, TableName
from linli.mechanisms.casework.rates import evidence_of
from linli.surfaces.api.auth import caller
from linli.surfaces.api.matters import After, Code, Limit
from linli.surfaces.api.paging import next_page
from linli.surfaces.api.shapes import (
    CountedEvent,
    CountedPage,
    FigureCell,
    FigureColumn,
    FigureLine,
    FigureTable,
)

if TYPE_CHECKING:
    from linli.kernel.access.models import ApiToken
    from linli.kernel.indicators.declaration import Figure

router = Router(tags=["figures"])
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))]
MOST_FIGURES = 6


class Narrowed(BaseModel):
    """Which part of the figures: days, both counted, and what they are narrowed to."""

    since: Day | None = Field(None, description="First day; the first of this month when absent.")
    until: Day | None = Field(None, description="Last day; today when absent.")
    unit: UUID | None = Field(None, description="An organisation, with all below it.")
    area: UUID | None = Field(None, description="An area, with its parts.")
    category: Code = Field("", description="Code of a category; one that groups stands for all.")


class Asked(Narrowed):
    """What some tables take besides."""

    by: Literal["unit", "area", "category", "group"] = Field(
        "unit", description="What the rows of `rates` and `league` are."
    )
    measure: Literal["received", "done", "open"] = Field(
        "received", description="What `flow-group` and `flow-area` tell."
    )
    rate: Literal["answered", "solved", "satisfied"] = Field(
        "solved", description="Which rate `league` ranks by."
    )


class Counted(Narrowed):
    """Which events are listed."""

    figure: list[Code] = Field(min_length=1, max_length=MOST_FIGURES, description="Names.")
    without: bool = Field(False, description="Less what was left out of the rates on record.")
    after: After = Field("", description="The cursor in the address of the next page.")
    limit: Limit = 50


@router.get("/figures/{table}", response=FigureTable, operation_id="read_figures")
def read_figures(request: HttpRequest, table: TableName, asked: Query[Asked]) -> FigureTable:
    """Return one table of figures; each count has the address of the events it counts."""
    token = _staff(request)
    part = _slice(token, asked)
    found = TABLES[table](Question(part, asked.by, asked.measure, asked.rate))
    return FigureTable(
        name=table,
        title=str(found.title),
        since=part.since,
        until=part.until,
        rows=str(found.of),
        columns=[FigureColumn(label=str(one.label), unit=one.unit) for one in found.columns],
        lines=[
            FigureLine(
                key=line.key,
                label=str(line.label),
                cells=[_cell(cell, asked) for cell in line.cells],
            )
            for line in found.lines
        ],
        note=str(found.note),
    )


@router.get("/evidence", response=CountedPage, operation_id="list_counted_events")
def list_counted_events(request: HttpRequest, asked: Query[Counted]) -> CountedPage:
    """Return the events some figures count, newest first; `total` is the figure.

    Those of matters the caller may not see are counted and not listed.
    """
    token = _staff(request)
    figures = [_figure(name) for name in dict.fromkeys(asked.figure)]
    names = [one.name for one in figures]
    rows = evidence_of(_slice(token, asked), names, without=asked.without)
    seen = rows.filter(matter__in=visible_to(token.person, token.community))
    seen = seen.select_related("matter").only("uuid", "kind", "at", "matter__number")
    found, after = newest_first(seen, asked.after, asked.limit)
    return CountedPage(
        total=rows.count(),
        items=[
            CountedEvent(event=one.uuid, kind=one.kind, at=one.at, number=one.matter.number)
            for one in found
        ],
        next=next_page(request, after),
    )


def _staff(request: HttpRequest) -> ApiToken:
    token = caller(request)
    if not is_staff(token.person, token.community):
        raise NotAllowed
    return token


def _figure(name: str) -> Figure:
    try:
        return figure_named(name)
    except UnknownIndicator:
        raise InvalidFacts({"figure": [_("Please choose one of the options.")]}) from None


def _slice(token: ApiToken, asked: Narrowed) -> Slice:
    """Return the part of the figures asked for. Raises InvalidFacts for what is not there."""
    community = token.community
    errors: dict[str, list[str]] = {}
    today = community.day_of(timezone.now())
    units = Organisation.objects.filter(community=community)
    unit = units.filter(uuid=asked.unit).first() if asked.unit else None
    areas = community.areas.defer("boundary")
    area = areas.filter(uuid=asked.area).first() if asked.area else None
    wrong = [_("Please choose one of the options.")]
    if asked.unit and unit is None:
        errors["unit"] = wrong
    if asked.area and area is None:
        errors["area"] = wrong
    if asked.category and asked.category not in pack_of(community).categories:
        errors["category"] = wrong
    until = asked.until or today
    since = asked.since or min(until, today).replace(day=1)
    if since > until:
        errors["until"] = [_("The last day lies before the first.")]
    if errors:
        raise InvalidFacts(errors)
    return Slice(community, since, until, unit, area, asked.category)


def _cell(cell: Cell, asked: Narrowed) -> FigureCell:
    return FigureCell(value=cell.value, events=_address(cell.opens, asked) if cell.opens else None)


def _address(opens: Opens, asked: Narrowed) -> str:
    values = {
        "unit": str(asked.unit or ""), "area": str(asked.area or ""), "category": asked.category,
        **opens.narrowed,
        "since": opens.since.isoformat(), "until": opens.until.isoformat(),
        "figure": list(opens.figures), "without": "true" if opens.without else "",
    }  # fmt: skip
    given = {name: value for name, value in values.items() if value}
    return f"{reverse('api:list_counted_events')}?{urlencode(given, doseq=True)}"
