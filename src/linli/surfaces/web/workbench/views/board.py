"""The supervisor's board: what presses, by unit; each number opens its list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from linli.surfaces.web.workbench.filters import NOBODY
from linli.surfaces.web.workbench.guarding import Desk, staff_only
from linli.surfaces.web.workbench.queues import QUEUES, Queue, added_up, count_by_unit

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.surfaces.web.workbench.queues import Row

Cell = tuple[Queue, int, str]


@require_safe
@staff_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open matters by unit and by what presses."""
    rows = count_by_unit(desk)
    totals = added_up(rows)
    told = {
        "section": "board",
        "queues": QUEUES,
        "rows": [(row.unit, _cells(row.counts, _unit_of(row))) for row in rows],
        "totals": _cells(totals, ""),
    }
    return render(request, "workbench/board.html", told)


def _unit_of(row: Row) -> str:
    return str(row.unit.uuid) if row.unit else NOBODY


def _cells(counts: dict[str, int], unit: str) -> list[Cell]:
    """Return each queue with its number and the address of its list."""
    inbox = reverse("desk:inbox")
    return [(queue, counts[queue.name], inbox + _query(queue, unit)) for queue in QUEUES]


def _query(queue: Queue, unit: str) -> str:
    asked = {name: value for name, value in (("view", queue.name), ("unit", unit)) if value}
    return f"?{urlencode(asked)}" if asked else ""
