"""The three rates by period, the league by what a rate is at least, and what each counts."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

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

ROWS_A_PAGE = 50  # a city has hundreds of grids; the files have all of them
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
    begin = _begin(request)
    part = rows[1 + begin : 1 + begin + ROWS_A_PAGE]
    told = {
        **_frame(desk, asked, "rates"),
        "chart": _bars([rows[0], *part]),
        "rates": three_rates(pack_of(desk.community)),
        "rows": [_line(asked, row) for row in (rows[0], *part)],
        "pages": _pages(request, asked, len(rows) - 1, begin),
        "differs": any(row.differs for row in rows),
    }
    return render(request, "workbench/rates.html", told)


def _frame(desk: Desk, asked: AskedRates, view: str) -> dict[str, Any]:
    return {
        **frame_of(desk, asked, view),
        "by_label": dict(BY)[asked.by],
        "may_export": desk.can("export"),
    }


def _begin(request: HttpRequest) -> int:
    """Return which row a page begins with; what is no number begins anew."""
    text = typed(request, "from", 6)
    return int(text) if text.isascii() and text.isdigit() else 0


def _pages(request: HttpRequest, asked: AskedRates, many: int, begin: int) -> dict[str, Any]:
    """Return the addresses of the rows before and after, empty where there are none."""
    before, after = max(0, begin - ROWS_A_PAGE), begin + ROWS_A_PAGE
    return {
        "previous": f"?{asked.query(**{'from': str(before)})}" if begin else "",
        "next": f"?{asked.query(**{'from': str(after)})}" if after < many else "",
        "first": min(begin + 1, many),
        "last": min(after, many),
        "many": many,
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
    page = _page_of_row(asked, row.key)
    return {
        "row": row,
        "cells": [
            _cell(page, share)
            | ({"whole_share": whole, "with_address": _cell(f"{page}&kept=all", whole)}
               if whole != share else {})
            for share, whole in zip(row.shares, row.whole_shares, strict=True)
        ],
        "not_reached": f"{page}&{_named(('casework.not_reached',))}",
    }  # fmt: skip


def _page_of_row(asked: AskedRates, key: str) -> str:
    query = asked.query(by="", rate="", sort="", measure="", **asked.of_row(key))
    return f"{reverse('desk:rates_evidence')}?{query}"


def _cell(page: str, share: Share) -> dict[str, Any]:
    part, whole = _named(share.rate.counted), _named(share.rate.whole)
    return {"share": share, "part": f"{page}&{part}", "whole": f"{page}&{whole}"}


@lru_cache(maxsize=256)
def _named(figures: tuple[str, ...]) -> str:
    """Return the query that names some figures; a page has the same few on each row."""
    return urlencode({"indicator": figures}, doseq=True)


def _address(asked: AskedRates, indicators: Any, **other: str) -> str:
    query = asked.query(indicator=list(indicators), by="", rate="", sort="", measure="", **other)
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
    begin = _begin(request)
    part = places[begin : begin + ROWS_A_PAGE]
    told = {
        **_frame(desk, asked, "league"),
        "chart": _whiskers(part),
        "few": few,
        "rate": next(rate for rate in rates if rate.name == asked.rate),
        "choices": [(rate, asked.query(rate=rate.name)) for rate in rates],
        "pages": _pages(request, asked, len(places), begin),
        "columns": [(name, label, asked.query(sort=name)) for name, label in SORTED_BY],
        "places": [_placed(asked, place) for place in part],
    }
    return render(request, "workbench/league.html", told)


def _placed(asked: AskedRates, place: Place) -> dict[str, Any]:
    interval = place.interval
    return {
        "place": place,
        **_cell(_page_of_row(asked, place.row.key), place.share),
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
