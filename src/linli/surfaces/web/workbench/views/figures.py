"""Figures by month and unit; each number opens to the events it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.kernel.access.audit import audit
from linli.kernel.files.writing_tables import csv_answer
from linli.kernel.indicators.declaration import Indicator, registry
from linli.kernel.indicators.models import PendingEvent
from linli.kernel.indicators.reading import by_month
from linli.kernel.matters.queries import in_charge, visible_to
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.declaration import action_of_event
from linli.kernel.procedures.forms import category_choices
from linli.mechanisms.casework.rates import rates_by, three_rates
from linli.surfaces.web.workbench.asking import (
    AskedFigures,
    asked_for,
    label_of,
    months_offered,
    name_of,
)
from linli.surfaces.web.workbench.filters import areas, as_fields, units
from linli.surfaces.web.workbench.guarding import Desk, needs, staff_only, typed
from linli.surfaces.web.workbench.paging import newest_first
from linli.surfaces.web.workbench.showing import with_packs

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.events.models import Event
    from linli.mechanisms.casework.rates import Row

# Drawn at first; the legend of the chart switches the others on.
DRAWN_AT_FIRST = ("casework.reported", "casework.answered", "casework.solved_reported")
MOST_ASKED = 6  # indicators whose evidence is listed together


@require_safe
@staff_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Three rates by unit, and every indicator by month, drawn and as a table."""
    asked = asked_for(request, desk)
    kept = by_month(asked.slice)
    told = {
        "section": "figures",
        "asked": asked,
        "months": [label_of(month) for month in asked.months],
        "rates": three_rates(pack_of(desk.community)),
        "units": [(row.name, _rate_cells(asked, row)) for row in rates_by(asked.slice, "unit")],
        "rows": [_row(asked, one, kept.get(one.name, {})) for one in registry.values()],
        "drawn": _drawn(asked, kept),
        "fields": _fields(desk, asked),
        "may_export": desk.can("export"),
        "pending": PendingEvent.objects.filter(event__community=desk.community).exists(),
    }  # fmt: skip
    return render(request, "workbench/figures.html", told)


def _row(asked: AskedFigures, one: Indicator, counts: dict[date, int]) -> dict[str, Any]:
    """Return an indicator's line of the table: each month's number with its address."""
    cells = []
    for month in asked.months:
        only = {"since": name_of(month), "until": name_of(month)}
        cells.append((counts.get(month, 0), _address(asked, [one.name], **only), label_of(month)))
    total = sum(count for count, _address, _label in cells)
    return {"label": one.label, "cells": cells, "total": total,
            "address": _address(asked, [one.name])}  # fmt: skip


def _rate_cells(asked: AskedFigures, row: Row) -> list[dict[str, Any]]:
    """Return the rates of a unit with nothing left out: the page of the rates has them without."""
    own = {"unit": row.key} if row.key else {}
    return [
        {
            "share": share,
            "part": _address(asked, share.rate.counted, **own),
            "whole": _address(asked, share.rate.whole, **own),
        }
        for share in row.whole_shares
    ]


def _address(asked: AskedFigures, indicators: Any, **other: str) -> str:
    return f"{reverse('desk:evidence')}?{asked.query(indicator=list(indicators), **other)}"


def _drawn(asked: AskedFigures, kept: dict[str, dict[date, int]]) -> dict[str, Any]:
    """Return what the chart draws, as the script reads it."""
    series = [
        {
            "name": str(one.label),
            "values": [kept.get(one.name, {}).get(month, 0) for month in asked.months],
            "shown": one.name in DRAWN_AT_FIRST,
        }
        for one in registry.values()
    ]
    return {"months": [label_of(month) for month in asked.months], "series": series}


def _fields(desk: Desk, asked: AskedFigures) -> list[dict[str, Any]]:
    months = [(name_of(month), label_of(month)) for month in months_offered()[::-1]]
    fields = (
        ("since", _("From month"), months),
        ("until", _("To month"), months),
        ("unit", _("Unit, with all below it"), units(desk)),
        ("area", _("Grid"), areas(desk)),
        ("category", _("Category"), category_choices(pack_of(desk.community))[1:]),
    )
    return as_fields(fields, asked.values)


@require_safe
@staff_only
def evidence(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The events a number counts, newest first; those of matters closed to one are only counted."""
    asked = asked_for(request, desk)
    names = dict.fromkeys(request.GET.getlist("indicator")[:MOST_ASKED])
    chosen = [registry[name] for name in names if name in registry]
    rows = _events(asked, chosen) if chosen else None
    told: dict[str, Any] = {"section": "figures", "asked": asked, "chosen": chosen}
    if rows is not None:
        seen = rows.filter(matter__in=visible_to(desk.person, desk.community))
        page, after = newest_first(
            seen.select_related("matter__area", "matter__responsible"), typed(request, "after")
        )
        address = _address(asked, names)
        total = rows.count()
        told |= {
            "total": total,
            "closed": total - seen.count(),
            "entries": entries_of(desk, page),
            "next": _address(asked, names, after=after) if after else "",
            "first": address if typed(request, "after") else "",
        }
    told["back_label"] = _("Figures")
    told["back"] = f"{reverse('desk:figures')}?{asked.query()}"
    return render(request, "workbench/evidence.html", told)


def _events(asked: AskedFigures, chosen: list[Indicator]) -> QuerySet[Event]:
    first, *others = (asked.slice.events(one) for one in chosen)
    for other in others:
        first = first | other
    return first


def entries_of(desk: Desk, events: list[Event]) -> list[dict[str, Any]]:
    """Return events as the list of evidence shows them. Two queries."""
    matters = with_packs([event.matter for event in events], desk.community)
    own = in_charge(desk.person, desk.community)
    mine = set(own.filter(pk__in={one.pk for one in matters}).values_list("pk", flat=True))
    return [
        {"at": event.at, "matter": event.matter, "private": event.matter_id in mine,
         "what": action_of_event(event.kind)[1].happened}
        for event in events
    ]  # fmt: skip


@require_safe
@needs("export")
def table_csv(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The table of the page as CSV for spreadsheets; who took it is on record."""
    asked = asked_for(request, desk)
    kept = by_month(asked.slice)
    columns = [str(_("Figure")), *(name_of(month) for month in asked.months)]
    rows = [
        [str(one.label), *(kept.get(one.name, {}).get(month, 0) for month in asked.months)]
        for one in registry.values()
    ]
    audit("figures.exported", desk.person, desk.community, **asked.values)
    name = f"figures-{desk.community.code}-{timezone.localdate():%Y%m%d}.csv"
    answer: HttpResponse = csv_answer(name, columns, rows)
    return answer
