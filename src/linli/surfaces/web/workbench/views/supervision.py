"""The supervisor's lists: overdue, returned, broken promises and so on, by unit, with evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.kernel.matters.inbox import MOST_COUNTED, InboxFilters, inbox, inbox_rows
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.forms import category_choices
from linli.mechanisms.casework.supervision import (
    BOARDS,
    BY_NAME,
    Board,
    by_unit,
    condition_of,
    evidence,
)
from linli.surfaces.web.workbench.filters import NOBODY, areas, as_fields, by_uuid, units
from linli.surfaces.web.workbench.guarding import Desk, staff_only, typed
from linli.surfaces.web.workbench.showing import with_packs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

FILTERS = ("view", "unit", "category", "area", "closed")


@require_safe
@staff_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One list: how many lie with each unit, and each matter with what shows it."""
    board = BY_NAME.get(typed(request, "view"), BOARDS[0])
    values = _values(request, desk, board)
    narrow = condition_of(board, desk.community, timezone.now())
    filters = _filters(desk, values, narrow)
    after = typed(request, "after")
    page = inbox(desk.person, desk.community, filters, after=after, counted=True)
    matters = with_packs(page.matters, desk.community)
    shown = evidence(board, matters)
    told: dict[str, Any] = {
        "section": "supervision",
        "boards": BOARDS,
        "board": board,
        "values": values,
        "narrowed": any(values[name] for name in FILTERS if name != "view"),
        "fields": _fields(desk, values),
        "units": _by_unit(desk, values, narrow),
        # All of it lies with the person by a post held, as in the inbox: own words may be read.
        "rows": [(matter, shown.get(matter.pk, [])) for matter in matters],
        "size": page.size,
        "most_counted": MOST_COUNTED,
        "next": _address(values, after=page.after) if page.after else "",
        "first": _address(values) if after else "",
        "at": timezone.now(),
        "table": _table_address(values) if desk.can("export") else "",
    }
    return render(request, "workbench/supervision.html", told)


def asked_list(request: HttpRequest, desk: Desk) -> tuple[Board, InboxFilters]:
    """Return which list is asked for, and what narrows it."""
    board = BY_NAME.get(typed(request, "view"), BOARDS[0])
    narrow = condition_of(board, desk.community, timezone.now())
    return board, _filters(desk, _values(request, desk, board), narrow)


def _values(request: HttpRequest, desk: Desk, board: Board) -> dict[str, str]:
    """Read the filters; a value that names nothing here is as good as none."""
    values = {name: typed(request, name) for name in FILTERS} | {"view": board.name}
    if values["category"] not in pack_of(desk.community).categories:
        values["category"] = ""
    area = by_uuid(desk.community.areas.defer("boundary"), values["area"])
    values["area"] = str(area.uuid) if area else ""
    unit = by_uuid(Organisation.objects.filter(community=desk.community), values["unit"])
    if values["unit"] != NOBODY:
        values["unit"] = str(unit.uuid) if unit else ""
    values["closed"] = "1" if values["closed"] == "1" else ""
    return values


def _filters(desk: Desk, values: dict[str, str], narrow: Q) -> InboxFilters:
    nobody = Q(responsible__isnull=True) if values["unit"] == NOBODY else Q()
    unit = "" if values["unit"] == NOBODY else values["unit"]
    rows = Organisation.objects.filter(community=desk.community)
    return InboxFilters(
        closed=bool(values["closed"]),
        category=values["category"],
        area=by_uuid(desk.community.areas.defer("boundary"), values["area"]),
        responsible=by_uuid(rows, unit),
        narrow=narrow & nobody,
    )


def _by_unit(desk: Desk, values: dict[str, str], narrow: Q) -> list[tuple[str, int, str, bool]]:
    """Return each unit with its number, the address of its list, and whether it is chosen."""
    of_all = _filters(desk, {**values, "unit": ""}, narrow)
    counted = by_unit(inbox_rows(desk.person, desk.community, of_all))
    found = []
    for unit, number in counted:
        key = str(unit.uuid) if unit else NOBODY
        name = unit.name if unit else _("Nobody yet")
        found.append((name, number, _address({**values, "unit": key}), key == values["unit"]))
    return found


def _fields(desk: Desk, values: dict[str, str]) -> list[dict[str, Any]]:
    fields = (
        ("unit", _("Unit"), [(NOBODY, _("Nobody yet")), *units(desk)]),
        ("category", _("Category"), category_choices(pack_of(desk.community))[1:]),
        ("area", _("Grid"), areas(desk)),
        ("closed", _("Open or closed"), [("1", _("Closed ones"))]),
    )
    return as_fields(fields, values)


def _address(values: dict[str, str], **other: str) -> str:
    asked = {name: value for name, value in {**values, **other}.items() if value}
    return f"{reverse('desk:supervision')}?{urlencode(asked)}"


def _table_address(values: dict[str, str]) -> str:
    return f"{reverse('desk:supervision_csv')}?{_address(values).partition('?')[2]}"
