"""Hot topics: the list by heat, one topic, its points on the map, and what staff correct."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel.matters.models import Matter
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.performing import available_starts
from linli.mechanisms.casework.hot_topics import correcting
from linli.mechanisms.casework.hot_topics.gathering import span_of
from linli.mechanisms.casework.hot_topics.nights import last_counted
from linli.mechanisms.casework.hot_topics.one_topic import (
    history_of,
    line_of,
    report_page,
    reports_of,
    taken_out_of,
)
from linli.mechanisms.casework.hot_topics.reading import Listed, topics_on
from linli.surfaces.web.topics.asking import asked_for, fields_of, narrowed_by
from linli.surfaces.web.topics.explaining import explained
from linli.surfaces.web.topics.guarding import for_topics, topic_or_404
from linli.surfaces.web.workbench.guarding import Desk
from linli.surfaces.web.workbench.showing import with_packs
from linli.surfaces.web.workbench.views.map import pin_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from linli.mechanisms.casework.hot_topics.models import HotTopic
    from linli.mechanisms.casework.hot_topics.reading import Line

MOST_POINTS = 1_000
MOST_ON_ONE_PAGE = 20


@require_safe
@for_topics
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The topics of last night, hottest first. A fixed number of queries."""
    asked = asked_for(request, desk)
    setting = pack_of(desk.community).hot_topics
    day = last_counted(desk.community)
    listed = topics_on(desk.person, desk.community, day, asked.asked) if day else None
    told = {
        "section": "topics",
        "day": day,
        "asked": asked,
        "fields": fields_of(desk, asked),
        "setting": setting,
        "days": asked.asked.days or setting.days,
        "may_propose": bool(available_starts("monthly_topic", desk.community, desk.person)),
        **_lines(desk, listed, asked),
    }
    return render(request, "topics/show.html", told)


def _lines(desk: Desk, listed: Listed | None, asked: Any) -> dict[str, Any]:
    if listed is None:
        return {"lines": [], "newer": "", "older": ""}
    page = asked.asked.page
    return {
        "lines": [_shown(desk, line) for line in listed.lines],
        "newer": asked.query(page=page - 1) if listed.newer else "",
        "older": asked.query(page=page + 1) if listed.older else "",
    }


def _shown(desk: Desk, line: Line) -> dict[str, Any]:
    """Return what a row of the list needs: the line, its categories in words, its heat told."""
    known = pack_of(desk.community).categories
    categories = [
        (code, str(known[code].label) if code in known else code, count)
        for code, count in line.categories
    ]
    return {
        "line": line,
        "categories": categories,
        "explained": explained(line, pack_of(desk.community).hot_topics),
    }


@require_safe
@for_topics
def topic(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """One topic: its figures, its reports, where they lie, how hot it was. Fixed queries."""
    found = topic_or_404(desk, uuid)
    narrowed, asked = narrowed_by(request, desk)
    page = report_page(found, desk.person, narrowed)
    line = line_of(found, desk.person, desk.community)
    setting = pack_of(desk.community).hot_topics
    history = history_of(found) if line.whole else []
    told = {
        "section": "topics",
        "topic": found,
        **_shown(desk, line),
        "setting": setting,
        "since": span_of(desk.community, found.counted_on, setting.days)[0],
        "rows": with_packs(page.items, desk.community),
        "narrowed": narrowed.given,
        "newer": asked.query(page=page.newer) if page.newer else "",
        "older": asked.query(page=page.older) if page.older else "",
        "history": history,
        "bars": _bars(history),
        "taken_out": taken_out_of(found, desk.person),
        "tiles": settings.MAP_TILES,
        "monthly": _monthly(desk, found),
        "may_propose": bool(available_starts("monthly_topic", desk.community, desk.person)),
    }
    return render(request, "topics/topic.html", told)


def _bars(history: list[Any]) -> list[dict[str, Any]]:
    """Return the bars of the heat of the last days: x, y and height in a box of 100 by 30."""
    shown = history[-60:]
    if not shown:
        return []
    hottest = max(max(one.heat for one in shown), 0.01)
    first, last = shown[0].day, shown[-1].day
    days = max((last - first).days + 1, 15)
    bars = []
    for one in shown:
        high = round(28 * one.heat / hottest, 2)
        left = round(100 * (days - 1 - (last - one.day).days) / days, 2)
        bars.append(
            {"x": left, "y": round(29 - high, 2), "height": high, "width": round(80 / days, 2)}
        )
    return bars


def _monthly(desk: Desk, found: HotTopic) -> list[Matter]:
    """Return the topics of the month that arose from it, as far as the person sees them."""
    from linli.kernel.matters.queries import visible_to

    rows = visible_to(desk.person, desk.community).filter(monthlytopic__topic=found)
    return list(rows.order_by("-pk")[:5])


@require_safe
@for_topics
def points(request: HttpRequest, desk: Desk, uuid: UUID) -> JsonResponse:
    """The reports of a topic as the map draws them; whatever box is asked for, all of them."""
    found = topic_or_404(desk, uuid)
    rows = reports_of(found, desk.person).filter(longitude__isnull=False, latitude__isnull=False)
    pins = with_packs(rows.order_by("-pk")[:MOST_POINTS], desk.community)
    return JsonResponse({"clusters": [], "pins": [pin_of(one) for one in pins]})


# --- what staff correct ---------------------------------------------------------------------
@require_POST
@for_topics
def hide(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Hide a topic with a reason."""
    found = topic_or_404(desk, uuid)
    why = _why(request)
    return _corrected(
        request, found, lambda: correcting.hide(found, desk.person, why),
        _("The topic is hidden; it stays so in the coming nights."),
    )  # fmt: skip


@require_POST
@for_topics
def show_again(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Put a hidden topic back."""
    found = topic_or_404(desk, uuid)
    return _corrected(
        request, found, lambda: correcting.show_again(found, desk.person),
        _("The topic is on the list again."),
    )  # fmt: skip


@require_POST
@for_topics
def take_out(request: HttpRequest, desk: Desk, uuid: UUID, number: str) -> HttpResponse:
    """Take a report out of a topic with a reason."""
    found = topic_or_404(desk, uuid)
    matter = _report(desk, number)
    why = _why(request)
    return _corrected(
        request, found, lambda: correcting.take_out(found, matter, desk.person, why),
        _("The report was taken out; the coming nights leave it out."),
    )  # fmt: skip


@require_POST
@for_topics
def put_back(request: HttpRequest, desk: Desk, uuid: UUID, number: str) -> HttpResponse:
    """Let the next night decide again about a report."""
    found = topic_or_404(desk, uuid)
    matter = _report(desk, number)
    return _corrected(
        request, found, lambda: correcting.put_back(found, matter, desk.person),
        _("The next night decides again whether it belongs there."),
    )  # fmt: skip


def _why(request: HttpRequest) -> str:
    return request.POST.get("why", "").replace("\x00", "")[:1_000]


def _report(desk: Desk, number: str) -> Matter:
    from linli.mechanisms.casework.hot_topics.seeing import reports_seen

    matter = reports_seen(desk.person, desk.community).filter(number=number.upper()).first()
    if matter is None:
        raise Http404
    return matter


def _corrected(
    request: HttpRequest, found: HotTopic, correct: Callable[[], None], done: str
) -> HttpResponse:
    """Correct, say so, and go back; a refusal is said on the page of the topic."""
    try:
        correct()
    except correcting.NotCorrected as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    if request.POST.get("back") == "list" or not found.members.exists():
        return redirect("topics:show")
    return redirect(reverse("topics:topic", kwargs={"uuid": found.uuid}))
