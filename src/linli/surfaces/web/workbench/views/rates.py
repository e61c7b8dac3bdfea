"""The three rates by period, the league by what a rate is at least, and what each counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.kernel.events.pages import newest_first
from linli.kernel.indicators.declaration import registry
from linli.kernel.matters.queries import visible_to
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.rates import evidence_of, ranked, rates_by, three_rates
from linli.surfaces.web.workbench.drawing import drawn
from linli.surfaces.web.workbench.guarding import Desk, staff_only, typed
from linli.surfaces.web.workbench.rates_asking import (
    BY,
    AskedRates,
    rates_asked_for,
)
from linli.surfaces.web.workbench.views.figures import entries_of, frame_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.mechanisms.casework.rates import Place, Row, Share

MOST_ASKED = 6  # figures whose evidence is listed together: the five answers at most
SORTED_BY = (
    ("name", ""),  # said as what the rows are of
    ("share", _("Per cent")),
    ("whole", _("Reporters who answered")),
    ("low", _("At least")),
)


@require_safe
@staff_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The three rates, with and without what was left out."""
    asked = rates_asked_for(request, desk)
    rows = rates_by(asked.slice, asked.by)
    told = {
        **_frame(desk, asked, "rates"),
        "chart": _bars(rows),
        "rates": three_rates(pack_of(desk.community)),
        "rows": [_line(asked, row) for row in rows],
        "differs": any(row.differs for row in rows),
    }
    return render(request, "workbench/rates.html", told)


def _frame(desk: Desk, asked: AskedRates, view: str) -> dict[str, Any]:
    return {
        **frame_of(desk, asked, view),
        "by_label": dict(BY)[asked.by],
        "may_export": desk.can("export"),
    }


def _bars(rows: list[Row]) -> dict[str, Any]:
    """Return the rates as a script draws them: a bar a rate; all together only where alone."""
    return drawn(
        "bars",
        [row.name or gettext("All together") for row in rows[1:] or rows],
        [
            (str(share.rate.label), [row.shares[number].per_cent for row in rows[1:] or rows])
            for number, share in enumerate(rows[0].shares)
        ],
    )


def _whiskers(places: list[Place]) -> dict[str, Any]:
    """Return the league as a script draws it: from the lower to the upper end, and the rate."""
    ends = [(100 * one.interval.low, 100 * one.interval.high) for one in places]
    return drawn(
        "ranges",
        [f"{one.rank}. {one.row.name}" for one in places],
        [
            (gettext("At least"), [round(low, 1) for low, _high in ends]),
            (gettext("Per cent"), [one.share.per_cent for one in places]),
            (gettext("At most"), [round(high, 1) for _low, high in ends]),
        ],
    )


def _line(asked: AskedRates, row: Row) -> dict[str, Any]:
    own = asked.of_row(row.key)
    missed = ["casework.not_reached"]
    return {
        "row": row,
        "cells": [
            {**_cell(asked, share, own), "whole_share": whole if whole != share else None,
             "with_address": _cell(asked, whole, own, kept="all")}
            for share, whole in zip(row.shares, row.whole_shares, strict=True)
        ],
        "not_reached": _address(asked, missed, **own),
    }  # fmt: skip


def _cell(asked: AskedRates, share: Share, own: dict[str, str], **more: str) -> dict[str, Any]:
    return {
        "share": share,
        "part": _address(asked, share.rate.counted, **own, **more),
        "whole": _address(asked, share.rate.whole, **own, **more),
    }


def _address(asked: AskedRates, indicators: Any, **other: str) -> str:
    query = asked.query(indicator=list(indicators), by="", rate="", sort="", **other)
    return f"{reverse('desk:rates_evidence')}?{query}"


@require_safe
@staff_only
def league(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Units, grids or categories ranked by the lower end of the interval; bars beside numbers."""
    asked = rates_asked_for(request, desk)
    rates = three_rates(pack_of(desk.community))
    few = pack_of(desk.community).casework.call_back.few_answers
    rows = rates_by(asked.slice, asked.by)
    places = ranked(rows, asked.rate, few, asked.sort)
    told = {
        **_frame(desk, asked, "league"),
        "chart": _whiskers(places),
        "few": few,
        "rate": next(rate for rate in rates if rate.name == asked.rate),
        "choices": [(rate, asked.query(rate=rate.name)) for rate in rates],
        "columns": [(name, label, asked.query(sort=name)) for name, label in SORTED_BY],
        "places": [_placed(asked, place) for place in places],
    }
    return render(request, "workbench/league.html", told)


def _placed(asked: AskedRates, place: Place) -> dict[str, Any]:
    interval = place.interval
    return {
        "place": place,
        **_cell(asked, place.share, asked.of_row(place.row.key)),
        "low": round(100 * interval.low, 1),
        "high": round(100 * interval.high, 1),
        # Of a drawing 200 wide; never so thin that nothing is seen.
        "bar": {
            "x": round(200 * interval.low, 1),
            "width": max(1.0, round(200 * interval.width, 1)),
            "share": min(197.0, max(0.0, round(200 * interval.share - 1.5, 1))),
        },
    }


@require_safe
@staff_only
def evidence(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The events a number counts, newest first; ``kept=all``: also what was left out."""
    asked = rates_asked_for(request, desk)
    names = dict.fromkeys(request.GET.getlist("indicator")[:MOST_ASKED])
    chosen = [registry[name] for name in names if name in registry]
    kept = "all" if typed(request, "kept") == "all" else ""
    told: dict[str, Any] = {"section": "rates", "asked": asked, "chosen": chosen}
    if chosen:
        rows = evidence_of(asked.slice, [one.name for one in chosen], without=not kept)
        seen = rows.filter(matter__in=visible_to(desk.person, desk.community))
        related = seen.select_related("matter__area", "matter__responsible")
        page, after = newest_first(related.defer("matter__area__boundary"), typed(request, "after"))
        total = rows.count()
        told |= {
            "total": total,
            "closed": total - seen.count(),
            "entries": entries_of(desk, page),
            "next": _address(asked, names, kept=kept, after=after) if after else "",
            "first": _address(asked, names, kept=kept) if typed(request, "after") else "",
        }
    told["back"] = f"{reverse('desk:rates')}?{asked.query()}"
    told["back_label"] = _("Three rates")
    return render(request, "workbench/evidence.html", told)
