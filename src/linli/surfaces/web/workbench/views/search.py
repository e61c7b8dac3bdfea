"""Search over numbers, words, places and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from linli.kernel.matters.finding import MOST_FOUND
from linli.kernel.matters.queries import in_charge, search
from linli.mechanisms.casework.shielding import matters_hiding_reporter_from
from linli.surfaces.web.workbench.guarding import Desk, staff_only, typed
from linli.surfaces.web.workbench.showing import with_packs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@staff_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was found; a number typed whole leads straight to its matter."""
    text = typed(request, "q")
    hidden = matters_hiding_reporter_from(desk.person, desk.community)
    found = search(desk.person, desk.community, text, reporter_hidden=hidden)
    if len(found) == 1 and found[0].number == text.upper():
        return redirect("desk:matter", number=found[0].number)
    keys = [matter.pk for matter in found]
    mine = in_charge(desk.person, desk.community).filter(pk__in=keys).values_list("pk", flat=True)
    told = {
        "section": "search",
        "text": text,
        "matters": with_packs(found, desk.community),
        "mine": set(mine),
        "more": len(found) == MOST_FOUND,
        "by_person": desk.can("search"),
    }
    return render(request, "workbench/search.html", told)
