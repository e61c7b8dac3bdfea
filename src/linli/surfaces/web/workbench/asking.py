"""What the page of figures is asked for: months, a unit, a grid, a category."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.formats import date_format

from linli.kernel.indicators.reading import Slice
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import pack_of
from linli.surfaces.web.workbench.filters import by_uuid
from linli.surfaces.web.workbench.guarding import typed

if TYPE_CHECKING:
    from django.http import HttpRequest

    from linli.surfaces.web.workbench.guarding import Desk

NARROWING = ("unit", "area", "category")
MONTHS_OFFERED = 36
MONTHS_AT_FIRST = 6


@dataclass(frozen=True)
class AskedFigures:
    """The slice of the figures, its months (their first days), and the values to show again."""

    slice: Slice
    months: list[date]
    values: dict[str, str]

    def query(self, **other: Any) -> str:
        """Return the query of an address with some values replaced; lists are repeated."""
        values: dict[str, Any] = {**self.values, **other}
        return urlencode({name: value for name, value in values.items() if value}, doseq=True)


def asked_for(request: HttpRequest, desk: Desk) -> AskedFigures:
    """Read what is asked; a value that names nothing here is as good as none.

    Months beyond those offered become the nearest one. At most two queries.
    """
    offered = months_offered()
    first = _month(typed(request, "since"), offered) or offered[-MONTHS_AT_FIRST]
    last = _month(typed(request, "until"), offered) or max(first, offered[-1])
    if first > last:
        first, last = last, first
    unit = by_uuid(Organisation.objects.filter(community=desk.community), typed(request, "unit"))
    area = by_uuid(desk.community.areas.defer("boundary"), typed(request, "area"))
    category = typed(request, "category")
    if category not in pack_of(desk.community).categories:
        category = ""
    values = {
        "since": name_of(first),
        "until": name_of(last),
        "unit": str(unit.uuid) if unit else "",
        "area": str(area.uuid) if area else "",
        "category": category,
    }
    asked = Slice(desk.community, first, last_day_of(last), unit, area, category)
    return AskedFigures(asked, [month for month in offered if first <= month <= last], values)


def months_offered(today: date | None = None) -> list[date]:
    """Return the first days of the last months up to this one, the oldest first."""
    month = (today or timezone.localdate()).replace(day=1)
    found = [month]
    for _number in range(MONTHS_OFFERED - 1):
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


def name_of(month: date) -> str:
    """Return how an address names a month: "2026-11"."""
    return f"{month:%Y-%m}"


def label_of(month: date) -> str:
    """Return how people read a month, in the active language."""
    return date_format(month, "YEAR_MONTH_FORMAT")


def last_day_of(month: date) -> date:
    """Return the last day of the month that begins on a day."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _month(text: str, offered: list[date]) -> date | None:
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return min(max(month, offered[0]), offered[-1])
