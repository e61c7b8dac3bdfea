"""每月一题 for everyone: the topics of a year by month, and each with plan, measures and result."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linli.kernel.organisations.current import community_of_request
from linli.mechanisms.casework.monthly_topics.queries import (
    FIGURES,
    Progress,
    counted_in,
    lately,
    measures_of,
    notes_on,
    partners_of,
    progress_of,
    public_reports,
    public_topic,
    topics_of_year,
    years_with_topics,
)
from linli.mechanisms.casework.monthly_topics.stages import measure_procedure, topic_procedure

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Community


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The topics of a year, the newest month first. Six queries, however many topics."""
    community = _community(request)
    today = community.day_of(timezone.now())
    years = years_with_topics(community)
    year = _year(request, today.year)
    rows = topics_of_year(community, year)
    progress = progress_of(row.pk for row in rows)
    lines = [_line(row, progress.get(row.pk, Progress())) for row in rows]
    told = {
        "section": "board",
        "year": year,
        "years": sorted({*years, today.year, year}, reverse=True),
        "months": [
            (month, list(group)) for month, group in groupby(lines, lambda one: one["month"])
        ],
    }
    return render(request, "monthly_topics/board.html", told)


def _line(matter: Matter, progress: Progress) -> dict[str, Any]:
    main = matter.monthlytopic
    return {
        "matter": matter,
        "main": main,
        "month": main.month,
        "stage": topic_procedure.stage(matter.stage).label,
        "progress": progress,
    }


@require_safe
def board_matter(request: HttpRequest, number: str) -> HttpResponse:
    """One topic: why, who leads, plan, measures, progress, before and after."""
    community = _community(request)
    matter = _topic(community, number)
    main = matter.monthlytopic
    today = community.day_of(timezone.now())
    told = {
        "section": "board",
        **_line(matter, progress_of([matter.pk]).get(matter.pk, Progress())),
        "partners": partners_of(main),
        "measures": [
            (one, measure_procedure.stage(one.matter.stage).label) for one in measures_of(main)
        ],
        "notes": notes_on(main),
        "lately": lately(main, community, today) if main.after is None else None,
    }
    return render(request, "monthly_topics/board_matter.html", told)


@require_safe
def board_reports(request: HttpRequest, number: str, figure: str) -> HttpResponse:
    """The reports behind a figure: those anyone may read, and how many more there are."""
    community = _community(request)
    matter = _topic(community, number)
    if figure not in FIGURES:
        raise Http404
    cursor = request.GET.get("page", "").replace("\x00", "")[:40]
    counted = counted_in(matter.monthlytopic, community, figure, community.day_of(timezone.now()))
    page, hidden = public_reports(counted, cursor)
    told = {
        "section": "board",
        "matter": matter,
        "main": matter.monthlytopic,
        "figure": figure,
        "rows": page.items,
        "hidden": hidden,
        "newer": f"?page={page.newer}" if page.newer else "",
        "older": f"?page={page.older}" if page.older else "",
    }
    return render(request, "monthly_topics/board_reports.html", told)


def _topic(community: Community, number: str) -> Matter:
    matter = public_topic(community, number)
    if matter is None:
        raise Http404
    return matter


def _community(request: HttpRequest) -> Community:
    community = community_of_request(request)
    if community is None:
        raise Http404
    return community


def _year(request: HttpRequest, now: int) -> int:
    """Return the year asked for; what is no year is this one."""
    asked = request.GET.get("year", "")
    plain = asked.isascii() and asked.isdigit() and len(asked) == 4 and asked >= "1000"
    return int(asked) if plain else now
