"""What anyone may look at: public matters, by place, category, how far they are, and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from linli.kernel.matters.finding import newest_holding
from linli.kernel.matters.models import Audience, Matter
from linli.kernel.matters.search import OPEN_MARK, category_mark
from linli.kernel.matters.words import wanted
from linli.kernel.packs.loading import pack_of
from linli.kernel.places.parts import area_and_parts

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community
    from linli.kernel.places.models import Area

MOST_FOUND = 300
GROUPS = ("open", "waiting", "in_hand", "closed")
_GROUPS = {
    "open": Q(closed_at__isnull=True),
    "waiting": Q(closed_at__isnull=True, responsible__isnull=True),
    "in_hand": Q(closed_at__isnull=True, responsible__isnull=False),
    "closed": Q(closed_at__isnull=False),
}


def public_matters(
    community: Community,
    *,
    category: str = "",
    area: Area | None = None,
    group: str = "",
    text: str = "",
) -> QuerySet[Matter]:
    """Return the matters anyone may see, newest first.

    ``category``: its code; one that groups others stands for all of them. ``area``: it and its
    parts. ``group``: "open", "waiting" (nobody answers yet), "in_hand", "closed"; unknown ones
    find nothing. ``text``: words of the public title and text, never of the private ones; at
    most the newest `MOST_FOUND` are found by words.
    """
    rows = Matter.objects.filter(community=community, audience=Audience.PUBLIC)
    categories = category_and_parts(community, category) if category else []
    areas = area_and_parts(area) if area else []
    if category:
        rows = rows.filter(category__in=categories)
    if area:
        rows = rows.filter(area__in=areas)
    if group:
        rows = rows.filter(_GROUPS.get(group, Q(pk__in=[])))
    if text.strip():
        marks = [[category_mark(code) for code in categories], [f"_a{key}" for key in areas]]
        marks += [[OPEN_MARK]] if group in ("open", "waiting", "in_hand") else []
        rows = rows.filter(
            pk__in=newest_holding("public_words", community, wanted(text), rows, MOST_FOUND, marks)
        )
    return rows.order_by("-created_at", "-id")


def category_and_parts(community: Community, category: str) -> list[str]:
    """Return the codes a category stands for: itself and those below it."""
    known = pack_of(community).categories
    found = [category]
    for code in found:
        found += [name for name, one in known.items() if one.parent == code and name not in found]
    return found
