"""“Is it this?”: shown while somebody types, and asked once more before a report is filed."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.kernel.access.rates import within_rate
from linli.kernel.packs.loading import pack_of
from linli.kernel.places.charge import area_in_charge
from linli.kernel.places.locating import locate
from linli.mechanisms.casework.promises import promise_of
from linli.mechanisms.casework.similar import Asked, similar_public
from linli.mechanisms.casework.stages import procedure
from linli.mechanisms.casework.supporting import numbers_behind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Community
    from linli.mechanisms.casework.promises import Promise

LONGEST = 5_000


@dataclass(frozen=True)
class Suggestion:
    """A public request as it is suggested: nothing but what its own page shows anyone."""

    matter: Matter
    stage: str
    promise: Promise | None
    people: int


def suggestions(community: Community, typed: Mapping[str, str]) -> list[Suggestion]:
    """Return up to three public requests like what was typed into the report form."""
    found = [alike.matter for alike in similar_public(community, asked_of(community, typed))]
    people = numbers_behind(found) if found else {}
    rows = []
    for matter in found:
        matter.community = community  # known already
        stage = str(procedure.stage(matter.stage).label)
        rows.append(Suggestion(matter, stage, promise_of(matter), people[matter.pk]))
    return rows


def asked_of(community: Community, typed: Mapping[str, str]) -> Asked:
    """Read what was typed, as far as it makes sense; the rest is left out, since it is unsent."""

    def line(name: str, most: int) -> str:
        return typed.get(name, "").replace("\x00", "").strip()[:most]

    longitude = _degrees(line("longitude", 30), 180)
    latitude = _degrees(line("latitude", 30), 90)
    if longitude is None or latitude is None:
        longitude = latitude = None
    place = locate(
        community,
        longitude=longitude,
        latitude=latitude,
        address=line("address", 200),
        doorway=line("doorway", 24),
    )
    category = line("category", 60)
    return Asked(
        text=line("text", LONGEST),
        longitude=place.longitude,
        latitude=place.latitude,
        area=area_in_charge(place.area) if place.area else None,
        category=category if category in pack_of(community).categories else "",
    )


def _degrees(text: str, most: float) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and abs(value) <= most else None


@never_cache
@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """The quiet list below what is being typed. Sent as a form, so that no log keeps the words."""
    from linli.mechanisms.casework.views.report import community_or_404

    community = community_or_404(request)
    if not within_rate("similar", request):
        return HttpResponse(status=429)
    return render(request, "casework/similar.html", {"found": suggestions(community, request.POST)})
