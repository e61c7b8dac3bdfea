"""The list of releases, the page of one, and what a person decides on it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.opendata.columns import FIELDS, NAMES
from linli.mechanisms.casework.opendata.files import rows_of
from linli.mechanisms.casework.opendata.models import Release
from linli.mechanisms.casework.opendata.preparing import correct, prepare
from linli.mechanisms.casework.opendata.releasing import OpenDataRefused, let_out, refuse
from linli.mechanisms.casework.opendata.showing import told_of
from linli.mechanisms.casework.rates.periods import period_of
from linli.surfaces.web.workbench.guarding import Desk, needs

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

release_data = needs("release_data")
CLASS_IN_WORDS = [NAMES.index(name) for name in ("place_name", "time", "category_name")]
MOST, SAMPLE, SMALLEST = 60, 20, 10


@require_safe
@release_data
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits on top, then what was decided; and which period could be prepared."""
    rows = Release.objects.filter(community=desk.community).select_related("seen_by", "decided_by")
    found = list(rows.defer("keys").order_by("-since", "-edition", "-pk")[:MOST])
    setting = pack_of(desk.community).open_data
    last = period_of(setting.period, desk.community.day_of(timezone.now())).before()
    taken = any(one.since == last.since and one.state != Release.State.REFUSED for one in found)
    told = {
        "section": "open_data",
        "waiting": [one for one in found if one.waits],
        "decided": [one for one in found if not one.waits],
        "next": None if taken else last,
        "setting": setting,
    }
    return render(request, "opendata_desk/show.html", told)


@require_POST
@release_data
def make(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Prepare the last closed period."""
    setting = pack_of(desk.community).open_data
    last = period_of(setting.period, desk.community.day_of(timezone.now())).before()
    try:
        made = prepare(desk.community, last.since, desk.person)
    except OpenDataRefused as refused:
        messages.error(request, str(refused))
        return redirect("opendata_desk:show")
    return redirect("opendata_desk:release", uuid=made.uuid)


@require_safe
@release_data
def release(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Everything one must see before it goes out."""
    return _page(request, desk, _found(desk, uuid))


@require_POST
@release_data
def decide(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Let it out or refuse it, with a reason; what was typed is kept where that fails."""
    found, reason = _found(desk, uuid), request.POST.get("reason", "")
    refused = request.POST.get("decision") == "refuse"
    try:
        done = (refuse if refused else let_out)(found, desk.person, reason)
    except OpenDataRefused as sentence:
        return _page(request, desk, _found(desk, uuid), str(sentence), reason)
    messages.success(request, _said(done))
    return redirect("opendata_desk:show")


def _said(done: Release) -> str:
    if done.state == Release.State.SEEN:
        return _("Your look is noted; a second person must release it.")
    if done.state == Release.State.REFUSED:
        return _("Refused; nothing of it was public.")
    return _("It is out.")


@require_POST
@release_data
def correction(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Prepare a corrected edition of what is out."""
    found, reason = _found(desk, uuid), request.POST.get("reason", "")
    try:
        made = correct(found, desk.person, reason)
    except OpenDataRefused as sentence:
        return _page(request, desk, found, str(sentence), reason)
    return redirect("opendata_desk:release", uuid=made.uuid)


def _found(desk: Desk, uuid: UUID) -> Release:
    rows = Release.objects.select_related("community", "seen_by", "decided_by")
    return get_object_or_404(rows, community=desk.community, uuid=uuid)


def _page(
    request: HttpRequest, desk: Desk, found: Release, wrong: str = "", reason: str = ""
) -> HttpResponse:
    files = list(found.files.defer("content").order_by("pk"))
    rows = rows_of(found) if files else []
    told: dict[str, Any] = {
        "section": "open_data",
        "release": found,
        "files": files,
        "told": told_of(desk.community, found),
        "fields": FIELDS,
        "sample": rows[:: max(1, len(rows) // SAMPLE)][:SAMPLE],
        "smallest": _smallest(rows),
        "second": found.state == Release.State.SEEN,
        "own_look": found.seen_by_id == desk.person.pk,
        "wrong": wrong,
        "reason": reason,
    }
    return render(request, "opendata_desk/release.html", told, status=422 if wrong else 200)


def _smallest(rows: list[list[str]]) -> list[tuple[list[str], int]]:
    """Return the classes of the fewest rows, those to look at first."""
    counted = Counter(tuple(row[place] for place in CLASS_IN_WORDS) for row in rows)
    few = sorted(counted.items(), key=lambda item: (item[1], item[0]))[:SMALLEST]
    return [(list(values), count) for values, count in few]
