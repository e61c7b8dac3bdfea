"""Public pages: what cannot be solved now, and what was left out of the rates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from linli.kernel.matters.models import Audience
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.declaration import action_of_event
from linli.mechanisms.casework.published import (
    account_entries,
    exclusions_by_reason,
    exclusions_in_force,
    exclusions_reversed,
    left_the_account,
    rates_of_the_year,
)
from linli.mechanisms.casework.views.report import community_or_404

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Community

PAGE = 40
LATEST = 10


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """The public account: reason, owner, review date; then what left it, and how."""
    community = community_or_404(request)
    page, around = _page(request, account_entries(community))
    today = timezone.localdate()
    told = {
        **around,
        "section": "board",
        "view": "account",
        "entries": [
            {**_shown(community, entry.matter), "entry": entry, "late": entry.review_on < today,
             "reason": pack_of(community).reason_label("on_account", entry.reason)}
            for entry in page
        ],
        "left": [
            {**_shown(community, entry.matter), "entry": entry, "how": _how(entry.left_by_event),
             "solved": entry.left_by_event == "casework.solved"}
            for entry in left_the_account(community)[:LATEST]
        ],
        **_tabs(),
    }  # fmt: skip
    return render(request, "casework/account.html", told)


@require_safe
def exclusions(request: HttpRequest) -> HttpResponse:
    """What was left out of the rates: how many, why, which; and the rates with and without."""
    community = community_or_404(request)
    page, around = _page(request, exclusions_in_force(community))
    told = {
        **around,
        "section": "board",
        "view": "exclusions",
        "rates": rates_of_the_year(community),
        "reasons": exclusions_by_reason(community),
        "rows": [_left_out(community, one) for one in page],
        "again": [_left_out(community, one) for one in exclusions_reversed(community)[:LATEST]],
        **_tabs(),
    }
    return render(request, "casework/exclusions.html", told)


def _left_out(community: Community, one: Any) -> dict[str, Any]:
    reason = pack_of(community).reason_label("exclude", one.reason)
    return {**_shown(community, one.matter), "one": one, "reason": reason}


def _shown(community: Community, matter: Matter) -> dict[str, Any]:
    """Return what may be said of a matter: of one that is not public the category alone."""
    public = matter.audience == Audience.PUBLIC
    category = pack_of(community).categories.get(matter.category)
    return {
        "matter": matter,
        "public": public,
        "title": matter.public_title if public else (str(category.label) if category else ""),
    }


def _how(kind: str) -> Any:
    try:
        return action_of_event(kind)[1].happened
    except LookupError:
        return ""


def _page(request: HttpRequest, rows: Any) -> tuple[Any, dict[str, Any]]:
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    before = f"?page={page.previous_page_number()}" if page.has_previous() else ""
    after = f"?page={page.next_page_number()}" if page.has_next() else ""
    return page, {"count": page.paginator.count, "before": before, "after": after}


def _tabs() -> dict[str, str]:
    return {"list_url": reverse("casework:board"), "map_url": reverse("casework:board_map")}
