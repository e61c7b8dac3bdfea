"""What the addresses of the pages of hot topics ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.forms import category_choices
from linli.mechanisms.casework.hot_topics.one_topic import Narrowed
from linli.mechanisms.casework.hot_topics.reading import Asked
from linli.surfaces.web.workbench.filters import areas, as_fields, by_uuid
from linli.surfaces.web.workbench.guarding import typed

if TYPE_CHECKING:
    from django.http import HttpRequest

    from linli.surfaces.web.workbench.guarding import Desk

PERIODS = (7, 14)
MOST_PAGES = 100


@dataclass(frozen=True)
class AskedTopics:
    """The filters, and the values to show again."""

    asked: Asked
    values: dict[str, str]

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return any(self.values[name] for name in ("category", "area", "days"))

    def query(self, **other: Any) -> str:
        """Return the address's query with some values replaced, empty ones left out."""
        values = {**self.values, **{name: str(value) for name, value in other.items()}}
        return "?" + urlencode({name: value for name, value in values.items() if value})


def asked_for(request: HttpRequest, desk: Desk) -> AskedTopics:
    """Read the filters; a value that names nothing here is as good as none."""
    values = {name: typed(request, name, 60) for name in ("category", "area", "days", "hidden")}
    if values["category"] not in pack_of(desk.community).categories:
        values["category"] = ""
    area = by_uuid(desk.community.areas.defer("boundary"), values["area"])
    values["area"] = str(area.uuid) if area else ""
    if values["days"] not in map(str, PERIODS):
        values["days"] = ""
    values["hidden"] = "1" if values["hidden"] == "1" else ""
    number = typed(request, "page", 4)
    page = min(int(number), MOST_PAGES) if number.isascii() and number.isdigit() else 0
    days = int(values["days"] or 0)
    return AskedTopics(Asked(values["category"], area, days, bool(values["hidden"]), page), values)


def fields_of(desk: Desk, asked: AskedTopics) -> list[dict[str, Any]]:
    """Return the fields of the filter form."""
    fields = (
        ("category", _("Category"), category_choices(pack_of(desk.community))[1:]),
        ("area", _("Grid"), areas(desk)),
        ("days", _("When it was reported"), [(str(one), _last_days(one)) for one in PERIODS]),
    )
    return as_fields(fields, asked.values)


def _last_days(days: int) -> str:
    return _("in the last %(days)s days") % {"days": days}


def narrowed_by(request: HttpRequest, desk: Desk) -> tuple[Narrowed, AskedTopics]:
    """Return which reports of one topic are listed."""
    asked = asked_for(request, desk)
    given = asked.asked
    cursor = typed(request, "page", 40)
    return Narrowed(given.category, given.area, given.days, cursor), asked
