"""The filters of the inbox, as its address carries them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Urgency
from linli.kernel.matters.queries import InboxFilters
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import pack_of
from linli.kernel.places.models import Area
from linli.kernel.procedures.declaration import registry
from linli.kernel.procedures.forms import category_choices
from linli.surfaces.web.workbench.guarding import typed
from linli.surfaces.web.workbench.queues import BY_NAME, QUEUES

if TYPE_CHECKING:
    from django.http import HttpRequest

    from linli.surfaces.web.workbench.guarding import Desk

NAMES = ("view", "stage", "category", "area", "unit", "urgency", "q")
CLOSED = "closed"
NOBODY = "none"  # in the place of a unit: those that nobody answers for yet


def views() -> list[tuple[str, Any]]:
    """Return the lists the inbox offers, with their labels."""
    return [*((queue.name, queue.label) for queue in QUEUES), (CLOSED, _("Closed"))]


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
    closed = values["view"] == CLOSED
    if not closed and values["view"] not in BY_NAME:
        values["view"] = ""
    known = {
        "stage": {name for name, _label in stages(closed)},
        "category": pack_of(desk.community).categories,
        "urgency": Urgency.values,
    }
    for name, allowed in known.items():
        if values[name] not in allowed:
            values[name] = ""
    area = by_uuid(desk.community.areas.defer("boundary"), values["area"])
    unit = by_uuid(Organisation.objects.filter(community=desk.community), values["unit"])
    values["area"] = str(area.uuid) if area else ""
    if values["unit"] != NOBODY:
        values["unit"] = str(unit.uuid) if unit else ""
    filters = InboxFilters(
        closed=closed,
        stage=values["stage"],
        category=values["category"],
        area=area,
        responsible=unit,
        urgency=values["urgency"],
        text=values["q"],
        narrow=_narrowed(values),
    )
    return Asked(filters, values)


def _narrowed(values: dict[str, str]) -> Q:
    queue = BY_NAME.get(values["view"])
    found = queue.condition(timezone.now()) if queue else Q()
    return found & Q(responsible__isnull=True) if values["unit"] == NOBODY else found


def stages(closed: bool) -> list[tuple[str, Any]]:
    """Return the stages of open, or of closed, matters with their labels, each name once.

    Where procedures call a stage alike and label it differently, all labels are given.
    """
    found: dict[str, dict[str, None]] = {}
    for procedure in registry.values():
        for stage in procedure.stages:
            if stage.final == closed:
                found.setdefault(stage.name, {})[str(stage.label)] = None
    return [(name, " / ".join(labels)) for name, labels in found.items()]


def by_uuid(rows: Any, value: str) -> Any:
    """Return the row of a uuid as an address carries it, or None."""
    try:
        return rows.filter(uuid=UUID(value)).first() if value else None
    except ValueError:
        return None


def choices(desk: Desk, asked: Asked, of: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the fields of the filter form: name, label, options in groups, and the value.

    ``of``: the units to choose from, as `units` gives them.
    """
    fields = (
        ("stage", _("Stage"), stages(asked.filters.closed)),
        ("category", _("Category"), category_choices(pack_of(desk.community))[1:]),
        ("unit", _("Unit"), [(NOBODY, _("Nobody yet")), *of]),
        ("area", _("Grid"), areas(desk)),
        ("urgency", _("Urgency"), Urgency.choices),
    )
    return as_fields(fields, asked.values)


def as_fields(fields: Any, values: dict[str, str]) -> list[dict[str, Any]]:
    """Return fields as the template of filters takes them, each with its value."""
    return [
        {"name": name, "label": label, "groups": _grouped(options), "value": values[name]}
        for name, label, options in fields
    ]


def units(desk: Desk) -> list[tuple[str, str]]:
    """Return the organisations of the community, indented as they lie in the tree."""
    rows = Organisation.objects.standing().filter(community=desk.community).order_by("path")
    named = rows.values_list("uuid", "name", "depth")
    return [(str(uuid), "　" * (depth - 1) + name) for uuid, name, depth in named]


def areas(desk: Desk) -> list[tuple[str, str]]:
    """Return the areas that an organisation is in charge of."""
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
