"""What units ask to leave out of the rates, what was decided, what counts again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.kernel.events.models import Event
from linli.kernel.matters.queries import in_charge
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.models import Exclusion
from linli.mechanisms.casework.published import exclusions_in_force, exclusions_reversed
from linli.surfaces.web.workbench.guarding import Desk, staff_only

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MOST = 100
# Which event says why, by the fact it says it in.
WORDS = {"casework.exclusion_asked": "text", "casework.exclusion_decided": "grounds",
         "casework.exclusion_reversed": "grounds"}  # fmt: skip


@require_safe
@staff_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """To be decided first; the words of the unit are for those in charge of the matter."""
    waiting = Exclusion.objects.filter(community=desk.community, accepted__isnull=True)
    related = waiting.select_related("matter", "unit", "asked_by").order_by("asked_at", "pk")
    lists: dict[str, list[Any]] = {
        "waiting": list(related[:MOST]),
        "in_force": list(exclusions_in_force(desk.community)[:MOST]),
        "again": list(exclusions_reversed(desk.community)[:MOST]),
    }
    keys = {one.matter_id for rows in lists.values() for one in rows}
    own = in_charge(desk.person, desk.community).filter(pk__in=keys)
    mine = set(own.values_list("pk", flat=True))
    words = _words(mine)
    pack = pack_of(desk.community)
    told: dict[str, Any] = {
        name: [
            {"one": one, "matter": one.matter, "private": one.matter_id in mine,
             "reason": pack.reason_label("exclude", one.reason),
             "words": words.get(one.matter_id, {})}
            for one in rows
        ]
        for name, rows in lists.items()
    }  # fmt: skip
    return render(request, "workbench/exclusions.html", {"section": "exclusions", **told})


def _words(matters: set[int]) -> dict[int, dict[str, str]]:
    """Return what was said last of each step, by matter. One query."""
    found: dict[int, dict[str, str]] = {}
    rows = Event.objects.filter(matter__in=matters, kind__in=WORDS).order_by("matter", "seq")
    for matter, kind, facts in rows.values_list("matter", "kind", "facts"):
        step = kind.rpartition("_")[2]
        found.setdefault(matter, {})[step] = facts.get(WORDS[kind], "")
    return found
