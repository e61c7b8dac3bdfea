"""What the pages of the rates are asked for: a period, a unit, a grid, a category, rows by what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.indicators.reading import Slice
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.rates import Period, period_of
from linli.mechanisms.casework.rates.league import RATES, SORTS
from linli.mechanisms.casework.rates.periods import kinds
from linli.mechanisms.casework.rates.reading import By
from linli.surfaces.web.workbench.filters import areas, as_fields, by_uuid, units
from linli.surfaces.web.workbench.guarding import typed

if TYPE_CHECKING:
    from django.http import HttpRequest

    from linli.surfaces.web.workbench.guarding import Desk

BY = (
    ("unit", _("By unit")),
    ("area", _("By grid")),
    ("category", _("By category, small class")),
    ("group", _("By category, large class")),
)
# By which name of the address a row of each kind is asked for.
NARROWS: dict[str, str] = {"unit": "unit", "area": "area", "category": "category",
                           "group": "category"}  # fmt: skip


@dataclass(frozen=True)
class AskedRates:
    """The slice, its period, the rows wanted, and the values to show again."""

    slice: Slice
    period: Period
    by: By
    rate: str
    sort: str
    values: dict[str, str]

    def query(self, **other: Any) -> str:
        """Return the query of an address with some values replaced; lists are repeated."""
        values: dict[str, Any] = {**self.values, **other}
        return urlencode({name: value for name, value in values.items() if value}, doseq=True)

    def in_period(self, period: Period) -> str:
        """Return the query for another period."""
        until = period.until.isoformat() if period.kind == "custom" else ""
        return self.query(period=period.kind, day=period.since.isoformat(), until=until)

    def of_row(self, key: str) -> dict[str, str]:
        """Return what narrows an address to one row; nothing for the row of all together."""
        return {NARROWS[self.by]: key} if key else {}


def rates_asked_for(request: HttpRequest, desk: Desk) -> AskedRates:
    """Read what is asked; a value that names nothing here is as good as none. Two queries."""
    kind = typed(request, "period")
    if kind not in dict(kinds()):
        kind = "month"
    period = period_of(kind, _day(typed(request, "day")) or timezone.localdate(),
                       _day(typed(request, "until")))  # fmt: skip
    unit = by_uuid(Organisation.objects.filter(community=desk.community), typed(request, "unit"))
    area = by_uuid(desk.community.areas.defer("boundary"), typed(request, "area"))
    category = typed(request, "category")
    if category not in pack_of(desk.community).categories:
        category = ""
    values = {
        "period": period.kind,
        "day": period.since.isoformat(),
        "until": period.until.isoformat() if period.kind == "custom" else "",
        "unit": str(unit.uuid) if unit else "",
        "area": str(area.uuid) if area else "",
        "category": category,
        "by": _among(typed(request, "by"), get_args(By)),
        "rate": _among(typed(request, "rate"), ("solved", *RATES)),
        "sort": _among(typed(request, "sort"), SORTS),
    }
    asked = Slice(desk.community, period.since, period.until, unit, area, category)
    by: Any = values["by"]
    return AskedRates(asked, period, by, values["rate"], values["sort"], values)


def fields_of(desk: Desk, asked: AskedRates) -> list[dict[str, Any]]:
    """Return the lists of choices above the table."""
    pack = pack_of(desk.community)
    categories = [(code, str(one.label)) for code, one in pack.categories.items()]
    fields = (
        ("period", _("Period"), kinds()),
        ("by", _("Rows"), BY),
        ("unit", _("Unit, with all below it"), units(desk)),
        ("area", _("Grid"), areas(desk)),
        ("category", _("Category"), categories),
    )
    return as_fields(fields, asked.values)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _among(value: str, known: tuple[str, ...]) -> str:
    return value if value in known else known[0]
