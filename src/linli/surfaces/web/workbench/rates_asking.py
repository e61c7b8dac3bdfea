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
from linli.mechanisms.casework.figures import MEASURES
from linli.mechanisms.casework.figures.tables import NARROWS
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


@dataclass(frozen=True)
class AskedRates:
    """The slice, its period, the rows wanted, and the values to show again."""

    slice: Slice
    period: Period
    by: By
    rate: str
    sort: str
    values: dict[str, str]

    @property
    def measure(self) -> Any:
        """Which of received, done and open the tables of flow tell."""
        return self.values["measure"]

    @property
    def so_far(self) -> Slice:
        """The slice up to today: what lies ahead has no figures."""
        return self.slice.within(self.slice.since, min(self.slice.until, timezone.localdate()))

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
    period = _period(request)
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
        "measure": _among(typed(request, "measure"), tuple(dict(MEASURES))),
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


def _period(request: HttpRequest) -> Period:
    """Return the period asked for; ``since`` and ``until`` may also be months ("2026-11")."""
    first = _month(typed(request, "since"))
    last = _month(typed(request, "until")) or first
    if not typed(request, "period") and first and last:
        return period_of("custom", min(first, last), period_of("month", max(first, last)).until)
    kind = typed(request, "period")
    if kind not in dict(kinds()):
        kind = "month"
    day = _day(typed(request, "day")) or timezone.localdate()
    return period_of(kind, day, _day(typed(request, "until")))


def _month(text: str) -> date | None:
    return _day(f"{text}-01") if len(text) == 7 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _among(value: str, known: tuple[str, ...]) -> str:
    return value if value in known else known[0]
