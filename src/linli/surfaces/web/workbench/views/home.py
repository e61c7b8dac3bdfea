"""The first page of the workbench: in which posts one acts, and what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.kernel.access.relations import posts_in
from linli.kernel.matters.queries import inbox
from linli.kernel.organisations.models import Community, Membership
from linli.surfaces.web.workbench.guarding import Desk, staff_only
from linli.surfaces.web.workbench.queues import QUEUES, added_up, count_by_unit
from linli.surfaces.web.workbench.showing import role_label, with_packs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

FIRST_FEW = 8


@require_safe
@staff_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Posts, what waits by how much it presses, and the first few matters."""
    counts = added_up(count_by_unit(desk))
    page = inbox(desk.person, desk.community, size=FIRST_FEW)
    told = {
        "section": "home",
        "posts": _posts(desk),
        "others": _other_communities(desk),
        "tiles": [(queue, counts[queue.name]) for queue in QUEUES],
        "matters": with_packs(page.matters, desk.community),
        "more": bool(page.after),
    }
    return render(request, "workbench/home.html", told)


def _posts(desk: Desk) -> list[tuple[str, Membership]]:
    """Return the posts held here today, each with the label of its role. One query."""
    rows = Membership.objects.current().filter(person=desk.person, community=desk.community)
    held: Any = rows.select_related("organisation").order_by("organisation__path", "pk")
    return [(post.title or role_label(desk.community, post.role), post) for post in held]


def _other_communities(desk: Desk) -> list[Community]:
    """Return the other communities where the person holds a staff post."""
    elsewhere = {
        post.community_id
        for post in posts_in(desk.person, None)
        if post.staff and post.community_id != desk.community.pk
    }
    if not elsewhere:
        return []
    return list(Community.objects.filter(pk__in=elsewhere).order_by("name"))
