"""The filters of the inbox, as its address carries them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Urgency
from linli.kernel.matters.queries import InboxFilters
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import pack_of
from linli.kernel.places.models import Area
from linli.kernel.procedures.declaration import registry
from linli.kernel.procedures.forms import category_choices
from linli.surfaces.web.workbench.guarding import typed

if TYPE_CHECKING:
    from django.http import HttpRequest

    from linli.surfaces.web.workbench.guarding import Desk

NAMES = ("view", "stage", "category", "area", "unit", "urgency", "q")
# Lists a supervisor looks at first. The conditions are casework's own.
VIEWS: dict[str, tuple[Any, dict[str, Any]]] = {
    "": (_("All open"), {}),
    "overdue": (_("Overdue"), {"overdue": True}),
    "unsent": (_("Not sent yet"), {"narrow": Q(responsible__isnull=True)}),
    "returned": (_("Returned"), {"narrow": Q(servicerequest__returns__gt=0)}),
    "reopened": (_("Reopened"), {"narrow": Q(servicerequest__reopened__gt=0)}),
    "broken": (_("Promise broken"), {"narrow": Q(servicerequest__promise_broken=True)}),
    "closed": (_("Closed"), {"closed": True}),
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for: the kernel's filters, and the values to show again."""

    filters: InboxFilters
    values: dict[str, str]

    @property
    def narrowed(self) -> bool:
        """Whether any filter besides the list itself is set."""
        return any(value for name, value in self.values.items() if name != "view")

    def query(self, **other: str) -> str:
        """Return the address's query with some values replaced."""
        values = {**self.values, **other}
        return urlencode({name: value for name, value in values.items() if value})


def asked_for(request: HttpRequest, desk: Desk) -> Asked:
    """Read the filters; a value that names nothing here is as good as none."""
    values = {name: typed(request, name) for name in NAMES}
    if values["view"] not in VIEWS:
        values["view"] = ""
    area = _by_uuid(desk.community.areas.defer("boundary"), values["area"])
    units = Organisation.objects.filter(community=desk.community)
    unit = _by_uuid(units, values["unit"])
    values["area"] = str(area.uuid) if area else ""
    values["unit"] = str(unit.uuid) if unit else ""
    filters = InboxFilters(
        stage=values["stage"],
        category=values["category"],
        area=area,
        responsible=unit,
        urgency=values["urgency"],
        text=values["q"],
        **VIEWS[values["view"]][1],
    )
    return Asked(filters, values)


def _by_uuid(rows: Any, value: str) -> Any:
    try:
        return rows.filter(uuid=UUID(value)).first() if value else None
    except ValueError:
        return None


def choices(desk: Desk, asked: Asked) -> list[dict[str, Any]]:
    """Return the fields of the filter form: name, label, options in groups, and the value."""
    stages = [
        (stage.name, stage.label)
        for procedure in registry.values()
        for stage in procedure.stages
        if stage.final == asked.filters.closed
    ]
    units = Organisation.objects.standing().filter(community=desk.community).order_by("path")
    fields = (
        ("stage", _("Stage"), stages),
        ("category", _("Category"), category_choices(pack_of(desk.community))[1:]),
        ("unit", _("Unit"), [(str(u.uuid), "　" * (u.depth - 1) + u.name) for u in units]),
        ("area", _("Grid"), _areas(desk)),
        ("urgency", _("Urgency"), Urgency.choices),
    )
    return [
        {"name": name, "label": label, "groups": _grouped(options), "value": asked.values[name]}
        for name, label, options in fields
    ]


def _areas(desk: Desk) -> list[tuple[str, str]]:
    rows = Area.objects.filter(community=desk.community, organisation__isnull=False)
    return [(str(uuid), name) for uuid, name in rows.order_by("code").values_list("uuid", "name")]


def _grouped(options: Any) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Options may be plain or under a heading; a heading of "" is none."""
    groups: dict[str, list[tuple[str, Any]]] = {}
    for first, second in options:
        if isinstance(second, list):
            groups.setdefault(first, []).extend(second)
        else:
            groups.setdefault("", []).append((first, second))
    return list(groups.items())
