"""What waits to be sent, what was given up and why, and trying again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from linli.kernel.access.audit import audit
from linli.kernel.notify.claiming import try_again
from linli.kernel.notify.deliveries import SHOWN_STATES, counts, deliveries
from linli.kernel.notify.models import Channel, Notice
from linli.kernel.procedures.declaration import action_of_event
from linli.kernel.procedures.errors import Unknown
from linli.surfaces.web.workbench.guarding import Desk, needs, typed

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

PAGE = 50
WAYS = [channel for channel in Channel if channel != Channel.SITE]
administer = needs("administer_webhooks")


@require_safe
@administer
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The list, by state and way. No recipient is named: the matter leads to them."""
    state, channel = typed(request, "state"), typed(request, "way")
    state = state if state in SHOWN_STATES else Notice.State.DEAD
    channel = channel if channel in WAYS else ""
    listed = Paginator(deliveries(desk.community, state, channel), PAGE).get_page(
        typed(request, "page")
    )
    rows = [(notice, _happened(notice)) for notice in listed]
    told = {
        "section": "deliveries",
        "listed": listed,
        "rows": rows,
        "state": state,
        "way": channel,
        "ways": WAYS,
        "counts": counts(desk.community),
        "dead": Notice.State.DEAD,
        "filters": urlencode({"state": state, "way": channel}),
    }
    return render(request, "workbench/deliveries.html", told)


def _happened(notice: Notice) -> str:
    """Return what the notice tells of, as the timeline says it."""
    try:
        action = action_of_event(notice.template)[1]
    except (Unknown, KeyError, ValueError):
        return notice.template
    return str(action.happened or action.label)


@require_POST
@administer
def again(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Try one notice again at once."""
    notice = get_object_or_404(Notice, community=desk.community, uuid=uuid)
    if try_again(Notice.objects.filter(pk=notice.pk)):
        messages.success(request, _("It will be tried again at once."))
    else:
        messages.info(request, _("It is being sent just now, or was sent already."))
    return redirect("desk:deliveries")


@require_POST
@administer
def all_again(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Try all that was given up again."""
    number = try_again(deliveries(desk.community, Notice.State.DEAD))
    if number:
        audit("notices.tried_again", desk.person, desk.community, number=number)
    sentence = ngettext(
        "%(number)d notice will be tried again.", "%(number)d notices will be tried again.", number
    )
    messages.success(request, sentence % {"number": number})
    return redirect("desk:deliveries")
