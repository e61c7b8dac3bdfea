"""Suggestions on the page of a matter, and the form that one click fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linli.kernel.matters.models import Urgency
from linli.kernel.packs.loading import content_of
from linli.mechanisms.casework.suggesting.models import Subject
from linli.mechanisms.casework.suggesting.offering import Suggested, suggested_for
from linli.surfaces.web.workbench.guarding import typed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from linli.kernel.matters.models import Matter
    from linli.kernel.procedures.declaration import Action

# What is suggested, for which action of casework, in which of its fields.
FILLS = {Subject.CATEGORY: ("triage", "category"), Subject.UNIT: ("dispatch", "to")}


def suggestions(matter: Matter, offered: Iterable[Action]) -> list[Suggested]:
    """Return what may be suggested to somebody who can act on it now; the category only once.

    A request that was sorted is not sorted again by the machine, nor sent again.
    """
    if matter.procedure != "casework" or matter.responsible_id:
        return []
    names = {action.name for action in offered}
    wanted = [subject for subject, (action, _field) in FILLS.items() if action in names]
    return suggested_for(matter, wanted)


def filled_in(request: HttpRequest, matter: Matter) -> dict[str, dict[str, str]]:
    """Return by action what a suggestion's link fills into its form; nothing is done by it."""
    if matter.procedure != "casework" or request.method != "GET":
        return {}
    found: dict[str, dict[str, str]] = {}
    for action, field in FILLS.values():
        if value := typed(request, field, 60):
            found[action] = {field: value}
    category = content_of(matter.pack).categories.get(found.get("triage", {}).get("category", ""))
    if category is not None and matter.urgency == Urgency.NORMAL:
        found["triage"]["urgency"] = category.urgency
    return found
