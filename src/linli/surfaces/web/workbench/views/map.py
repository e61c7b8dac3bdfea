"""Open matters on a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, F
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from linli.kernel.matters.queries import in_charge, on_map
from linli.surfaces.web.workbench.guarding import Desk, staff_only, typed
from linli.surfaces.web.workbench.showing import due, stage_label, with_packs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.matters.models import Matter


@require_safe
@staff_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The map; what lies on it is fetched as it moves. Without a script: the numbers by area."""
    told = {"section": "map", "tiles": settings.MAP_TILES, "areas": _by_area(desk)}
    return render(request, "workbench/map.html", told)


def _by_area(desk: Desk) -> list[dict[str, object]]:
    """Return how many open matters lie in each area: the map in words. One query."""
    rows = in_charge(desk.person, desk.community).filter(closed_at__isnull=True)
    names = {"area_uuid": F("area__uuid"), "name": F("area__name"), "code": F("area__code")}
    counted = rows.values(**names).annotate(count=Count("pk"))
    return [dict(row) for row in counted.order_by(F("code").asc(nulls_last=True))]


@require_safe
@staff_only
def points(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Clusters and single matters within ``box`` (west,south,east,north) at ``zoom``, as JSON."""
    try:
        west, south, east, north = map(float, typed(request, "box").split(","))
        box = max(west, -180.0), max(south, -85.0), min(east, 180.0), min(north, 85.0)
        seen = on_map(desk.person, desk.community, box, int(typed(request, "zoom")))
    except ValueError:
        return JsonResponse({"error": "box=west,south,east,north&zoom=0…22"}, status=400)
    clusters = [
        {"at": [one.latitude, one.longitude], "count": one.count, "more": one.more}
        for one in seen.clusters
    ]
    pins = [pin_of(matter) for matter in with_packs(seen.pins, desk.community)]
    return JsonResponse({"clusters": clusters, "pins": pins})


def pin_of(matter: Matter) -> dict[str, object]:
    """Return what the map needs of one matter: where it is, its title, its clock, its page."""
    clock = due(matter, matter.due_at, matter.due_clock)
    return {
        "at": [matter.latitude, matter.longitude],
        "number": matter.number,
        "title": matter.title,
        "stage": stage_label(matter),
        "due": f"{clock.clock}: {clock.words}" if clock else "",
        "tone": clock.tone if clock else "calm",
        "url": reverse("desk:matter", kwargs={"number": matter.number}),
    }
