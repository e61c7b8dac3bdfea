"""The supervisor's page of figures, every figure by month, and what each number counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.kernel.access.audit import audit
from linli.kernel.events.pages import newest_first
from linli.kernel.files.writing_tables import csv_answer, excel_answer
from linli.kernel.indicators.declaration import Figure, UnknownIndicator, figure_named
from linli.kernel.indicators.models import PendingEvent
from linli.kernel.indicators.reading import evidence_together
from linli.kernel.matters.queries import in_charge, visible_to
from linli.kernel.procedures.declaration import action_of_event
from linli.mechanisms.casework.figures import (
    MEASURES,
    TABLES,
    Question,
    by_months,
    compared,
    density,
    every_indicator,
    flow,
    funnel,
    times,
    trend,
)
from linli.surfaces.web.workbench.drawing import chart, shown, turned
from linli.surfaces.web.workbench.guarding import Desk, needs, staff_only, typed
from linli.surfaces.web.workbench.rates_asking import AskedRates, fields_of, rates_asked_for
from linli.surfaces.web.workbench.showing import with_packs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.events.models import Event
    from linli.mechanisms.casework.figures.rated import Compared

MOST_ASKED = 6  # figures whose evidence is listed together


@require_safe
@staff_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Rates, times, flow, funnel, density and trend: each drawn, and as a table."""
    asked = rates_asked_for(request, desk)
    kept = asked.so_far
    laid = density(kept)
    told = {
        **frame_of(desk, asked, "figures"),
        "cards": [_card(asked, one) for one in compared(asked.slice)],
        "sections": _sections(asked),
        "density": shown(asked, laid.table),
        "on_map": laid.by_code,
        "tiles": settings.MAP_TILES,
        "measures": [(name, label, asked.query(measure=name)) for name, label in MEASURES],
        "may_export": desk.can("export"),
    }
    return render(request, "workbench/figures.html", told)


def _sections(asked: AskedRates) -> list[dict[str, Any]]:
    """Return the tables with what is drawn of each, in the order of the page."""
    kept, measure = asked.so_far, asked.measure
    by_unit, by_category = times(kept, "unit"), times(kept, "group")
    months, steps, years = by_months(kept), funnel(kept), trend(kept)
    categories, grids = flow(kept, "group", measure), flow(kept, "area", measure)
    drawn = (
        ("trend", years, chart(years, "lines", (0, 1)), ""),
        ("months", months, chart(months, "bars", (0, 1, 2)), ""),
        ("funnel", steps, chart(steps, "bars", (0,), across=True), ""),
        ("times-unit", by_unit, chart(by_unit, "bars", (1, 2), across=True), _("By unit")),
        ("times-group", by_category, chart(by_category, "bars", (1, 2), across=True),
         _("By category")),
        ("flow-group", categories, turned(categories, "bars", stacked=True), _("By category")),
        ("flow-area", grids, turned(grids, "bars", stacked=True), _("By grid")),
    )  # fmt: skip
    return [
        {"id": name, "table": shown(asked, table), "chart": spec, "by": by}
        for name, table, spec, by in drawn
    ]


def frame_of(desk: Desk, asked: AskedRates, view: str) -> dict[str, Any]:
    """Return what every page of figures has on top: tabs, period, filters, and whether any wait."""
    return {
        "section": "figures" if view in ("figures", "all") else "rates",
        "asked": asked,
        "before": asked.in_period(asked.period.before()),
        "after": asked.in_period(asked.period.after()),
        "fields": fields_of(desk, asked),
        "pending": PendingEvent.objects.filter(event__community=desk.community).exists(),
    }


def _card(asked: AskedRates, one: Compared) -> dict[str, Any]:
    interval = one.now.interval
    low, high = (interval.low, interval.high) if interval else (0.0, 0.0)
    days = {"day": asked.period.since.isoformat(), "period": "custom", "by": ""}
    ends = {"until": asked.period.until.isoformat(), "indicator": ""}
    page = reverse("desk:rates_evidence")

    def address(figures: Any) -> str:
        return f"{page}?{asked.query(**{**days, **ends, 'indicator': list(figures)})}"

    return {
        "now": one.now,
        "before": one.before,
        "change": one.change,
        "low": round(100 * low, 1),
        "high": round(100 * high, 1),
        "part": address(one.now.rate.counted),
        "whole": address(one.now.rate.whole),
    }


@require_safe
@staff_only
def every(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every indicator of every mechanism by month."""
    asked = rates_asked_for(request, desk)
    table = shown(asked, every_indicator(asked.so_far), most=1000)
    told = {**frame_of(desk, asked, "all"), "table": table, "may_export": desk.can("export")}
    return render(request, "workbench/figures_all.html", told)


@require_safe
@staff_only
def evidence(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The events a number counts, newest first; those of matters closed to one are only counted."""
    asked = rates_asked_for(request, desk)
    names = dict.fromkeys(request.GET.getlist("indicator")[:MOST_ASKED])
    chosen = known_figures(names)
    told: dict[str, Any] = {"section": "figures", "asked": asked, "chosen": chosen}
    if chosen:
        rows = evidence_together(asked.slice, chosen)
        seen = rows.filter(matter__in=visible_to(desk.person, desk.community))
        page, after = newest_first(
            seen.select_related("matter__area", "matter__responsible"), typed(request, "after")
        )
        page_at, listed = reverse("desk:evidence"), {"indicator": list(names)}
        total = rows.count()
        told |= {
            "total": total,
            "closed": total - seen.count(),
            "entries": entries_of(desk, page),
            "next": f"{page_at}?{asked.query(**listed, after=after)}" if after else "",
            "first": f"{page_at}?{asked.query(**listed)}" if typed(request, "after") else "",
        }
    told["back_label"] = _("Figures")
    told["back"] = f"{reverse('desk:figures')}?{asked.query()}"
    return render(request, "workbench/evidence.html", told)


def known_figures(names: Any) -> list[Figure]:
    """Return the figures of those names that exist."""
    found = []
    for name in names:
        try:
            found.append(figure_named(name))
        except UnknownIndicator:
            continue
    return found


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


# --- for spreadsheets -----------------------------------------------------------------------------
KINDS = ("csv", "xlsx")


@require_safe
@needs("export")
def table_file(request: HttpRequest, desk: Desk, table: str, kind: str) -> HttpResponse:
    """One table of the pages for spreadsheets, as CSV or Excel; who took it is on record."""
    make = TABLES.get(table)  # type: ignore[call-overload]
    if make is None or kind not in KINDS:
        raise Http404
    asked = rates_asked_for(request, desk)
    found = make(Question(asked.so_far, asked.by, asked.measure, asked.rate, asked.sort))
    told = {key: value for key, value in asked.values.items() if key != "sort"}
    audit("figures.exported", desk.person, desk.community, table=table, **told)
    file_name = f"{table}-{desk.community.code}-{timezone.localdate():%Y%m%d}.{kind}"
    answer: HttpResponse
    if kind == "csv":
        answer = csv_answer(file_name, found.header(), found.rows())
    else:
        answer = excel_answer(file_name, str(found.title), found.header(), found.rows())
    return answer
