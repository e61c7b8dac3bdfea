"""What anyone may see of whistles: who was called, who came, what came of it. No persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from linli.kernel.organisations.current import community_of_request
from linli.mechanisms.whistle.attendance import attendance_of, summed
from linli.mechanisms.whistle.queries import (
    duties_of,
    lines_by_whistle,
    public_page,
    public_whistle,
)
from linli.mechanisms.whistle.stages import duty_procedure, whistle_procedure

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.organisations.models import Community


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The public whistles, newest first, each with how many came."""
    community = _community(request)
    page = public_page(community, request.GET.get("page", "").replace("\x00", ""))
    lines = lines_by_whistle(page.items)
    told = {
        "section": "board",
        "rows": [
            (one, summed(lines[one.pk]), whistle_procedure.stage(one.stage).label)
            for one in page.items
        ],
        "newer": _address(page.newer),
        "older": _address(page.older),
    }
    return render(request, "whistle/board.html", told)


@require_safe
def board_matter(request: HttpRequest, number: str) -> HttpResponse:
    """One public whistle: each department with when it came, and what was agreed."""
    matter = public_whistle(_community(request), number)
    if matter is None:
        raise Http404
    whistle = matter.whistle
    told = {
        "section": "board",
        "matter": matter,
        "whistle": whistle,
        "stage": whistle_procedure.stage(matter.stage).label,
        "lines": attendance_of(whistle),
        "duties": [
            (duty, duty_procedure.stage(duty.matter.stage).label) for duty in duties_of(whistle)
        ],
    }
    return render(request, "whistle/board_matter.html", told)


def _community(request: HttpRequest) -> Community:
    community = community_of_request(request)
    if community is None:
        raise Http404
    return community


def _address(cursor: str) -> str:
    return f"{reverse('whistle:board')}?page={cursor}" if cursor else ""
