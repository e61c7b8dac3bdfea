"""The calendar link of a member of staff: made, shown once, renewed, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel.access.models import ApiToken
from linli.kernel.access.tokens import issue, revoke
from linli.kernel.notify.readers import absolute
from linli.surfaces.web.workbench.guarding import Desk, staff_only

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


@require_safe
@staff_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Whether there is a link, since when, and when it was used last."""
    return _page(request, desk)


@require_POST
@staff_only
def make(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Make a link and show it, this once; the one before works no more."""
    _end(desk)
    token = issue(
        desk.person, desk.community, _("Calendar of deadlines"), None,
        by=desk.person, scope=ApiToken.Scope.CALENDAR,
    )  # fmt: skip
    address = absolute(reverse("papers:feed", kwargs={"token": token}))
    return _page(request, desk, address)


@require_POST
@staff_only
def revoke_link(request: HttpRequest, desk: Desk) -> HttpResponse:
    """End the link; calendars that ask by it get nothing more."""
    if _end(desk):
        messages.success(request, _("The link no longer works."))
    return redirect("papers:calendar")


def _links(desk: Desk) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(
        person=desk.person,
        community=desk.community,
        scope=ApiToken.Scope.CALENDAR,
        revoked_at__isnull=True,
    ).order_by("-pk")


def _end(desk: Desk) -> int:
    links = list(_links(desk))
    for link in links:
        revoke(link, by=desk.person)
    return len(links)


def _page(request: HttpRequest, desk: Desk, address: str = "") -> HttpResponse:
    told: dict[str, Any] = {
        "section": "calendar",
        "link": _links(desk).first(),
        "address": address,
        "webcal": "webcal://" + address.partition("://")[2] if address else "",
    }
    return render(request, "web_papers/calendar.html", told)
