"""What was done: the public list, the map, one matter, three figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from linli.kernel.access.relations import is_staff
from linli.kernel.events.timeline import timeline
from linli.kernel.packs.loading import pack_of
from linli.kernel.places.models import Address, Area
from linli.mechanisms.casework.board import (
    BoardFilter,
    areas_with_requests,
    board_page,
    figures,
    on_the_map,
)
from linli.mechanisms.casework.monthly_topics.queries import topics_of_report
from linli.mechanisms.casework.promises import promise_of
from linli.mechanisms.casework.queries import public_request
from linli.mechanisms.casework.stages import NOT_JOINED, procedure
from linli.mechanisms.casework.supporting import numbers_behind
from linli.mechanisms.casework.views.report import community_or_404

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Community

MOST_AREAS = 300


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The list, filtered and paged."""
    community = community_or_404(request)
    asked = BoardFilter.of(request.GET, community)
    page = board_page(community, asked, request.GET.get("page", ""))
    people = numbers_behind(page.items)
    told = {
        **_frame(community, asked),
        "view": "list",
        "rows": [_row(community, matter, people[matter.pk]) for matter in page.items],
        "newer": _address("casework:board", asked, page.newer or None),
        "older": _address("casework:board", asked, page.older or None),
        "figures": figures(community),
    }
    return render(request, "casework/board.html", told)


@require_safe
def board_map(request: HttpRequest) -> HttpResponse:
    """The map; without a script the grids with their numbers."""
    community = community_or_404(request)
    asked = BoardFilter.of(request.GET, community)
    told = {
        **_frame(community, asked),
        "view": "map",
        "grids": areas_with_requests(community),
        "points_url": _address("casework:board_points", asked, ""),
        "tiles": settings.MAP_TILES,
    }
    return render(request, "casework/board_map.html", told)


def _frame(community: Community, asked: BoardFilter) -> dict[str, object]:
    areas = community.areas.filter(organisation__isnull=False).order_by("code")
    return {
        "section": "board",
        "asked": asked,
        "categories": _categories(community),
        "areas": [("", areas.values_list("code", "name")[:MOST_AREAS])],
        "list_url": _address("casework:board", asked, ""),
        "map_url": _address("casework:board_map", asked, ""),
    }


def _categories(community: Community) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the categories that can be chosen, under the names of their parents."""
    pack, groups = pack_of(community), dict[str, list[tuple[str, str]]]()
    for code, category in pack.leaf_categories().items():
        parent = pack.categories.get(category.parent or "")
        groups.setdefault(str(parent.label) if parent else "", []).append(
            (code, str(category.label))
        )
    return list(groups.items())


def _address(view: str, asked: BoardFilter, cursor: str | None) -> str:
    """Return the address of a view under the same filter; empty where there is no page."""
    if cursor is None:
        return ""
    query = {**asked.given, **({"page": cursor} if cursor else {})}
    return reverse(view) + (f"?{urlencode(query)}" if query else "")


def _row(community: Community, matter: Matter, people: int) -> dict[str, object]:
    matter.community = community
    return {
        "matter": matter,
        "detail": matter.servicerequest,
        "stage": procedure.stage(matter.stage).label,
        "category": _category(matter),
        "promise": promise_of(matter),
        "people": people,
    }


def _category(matter: Matter) -> str:
    known = pack_of(matter.community).categories.get(matter.category)
    return str(known.label) if known else ""


@require_safe
def board_matter(request: HttpRequest, number: str) -> HttpResponse:
    """One public matter: the desk's words, the answer, the promise, what happened."""
    community = community_or_404(request)
    matter = public_request(community, number)
    if matter is None:
        raise Http404
    told = {
        **_row(community, matter, numbers_behind([matter])[matter.pk]),
        "section": "board",
        "open": matter.stage in NOT_JOINED,
        "entries": timeline(matter, None),
        "satisfaction": matter.servicerequest.get_satisfaction_display(),
        "monthly_topics": topics_of_report(matter, public=True),
    }
    return render(request, "casework/board_matter.html", told)


@cache_control(max_age=60, public=True)
@require_safe
def board_points_json(request: HttpRequest) -> HttpResponse:
    """The points of the map, rounded, as JSON; ``bbox=west,south,east,north`` cuts them out."""
    community = community_or_404(request)
    asked = BoardFilter.of(request.GET, community)
    box, zoom = _box(request.GET.get("bbox", "")), request.GET.get("zoom", "15")
    if box is None or not zoom.isdecimal():
        return JsonResponse({"error": _("The map needs a box and a zoom.")}, status=400)
    found = on_the_map(community, asked, box, int(zoom[:2]))
    for point in found["points"]:
        point["stage_label"] = str(procedure.stage(point["stage"]).label)
        point["url"] = reverse("casework:board_matter", kwargs={"number": point["number"]})
    return JsonResponse(found)


def _box(text: str) -> tuple[float, float, float, float] | None:
    """Read a box of four numbers; anything else is no box."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        return None
    return west, south, east, north


@cache_control(max_age=600, public=True)
@require_safe
def boundaries(request: HttpRequest) -> HttpResponse:
    """The boundaries of the grids as GeoJSON: the ground the maps are drawn on."""
    community = community_or_404(request)
    grids = Q(organisation__isnull=False)  # what somebody answers for has its name on the map
    has_parts = Exists(Area.objects.filter(parent=OuterRef("pk")))
    rows = community.areas.filter(grids | ~has_parts, boundary__isnull=False)
    columns = ("name", "code", "kind", "organisation", "boundary")
    features = [
        {
            "type": "Feature",
            "properties": {
                "name": name,
                "code": code,
                "kind": kind,
                "named": organisation is not None,
            },
            "geometry": boundary,
        }
        for name, code, kind, organisation, boundary in rows.order_by("level", "code").values_list(
            *columns
        )[:MOST_AREAS]
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@login_required
@require_safe
def doorway_sheet(request: HttpRequest) -> HttpResponse:
    """QR codes of doorways to print and hang up; for staff."""
    import segno

    community = community_or_404(request)
    if not is_staff(request.user, community):  # type: ignore[arg-type]
        raise PermissionDenied
    area = request.GET.get("area", "").replace("\x00", "")[:40]
    rows = Address.objects.filter(community=community, doorway_code__isnull=False)
    if area:
        rows = rows.filter(Q(area__code=area) | Q(area__parent__code=area))
    sheet = []
    for address in rows.order_by("text")[:200]:
        url = request.build_absolute_uri(
            reverse("casework:doorway", kwargs={"code": address.doorway_code})
        )
        sheet.append((address, segno.make(url, error="q").svg_data_uri(border=1)))
    # A grid is chosen, also where the doorways belong to its buildings.
    hung = Q(addresses__doorway_code__isnull=False) | Q(
        parts__addresses__doorway_code__isnull=False
    )
    areas = community.areas.filter(hung, organisation__isnull=False).values("code", "name")
    told = {"sheet": sheet, "areas": areas.distinct().order_by("code"), "area": area}
    return render(request, "casework/doorways.html", told)
