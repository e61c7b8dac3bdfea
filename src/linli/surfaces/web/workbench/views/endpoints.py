"""Other cities' servers: adding, how they do, what could not be exchanged and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel.exchange import endpoints
from linli.kernel.exchange.models import Endpoint, Exchanged
from linli.mechanisms.casework.exchanging.tasks import exchange_now
from linli.surfaces.web.workbench.endpoint_forms import EndpointForm
from linli.surfaces.web.workbench.guarding import Desk, needs

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

MOST_SHOWN = 50
administer = needs("administer_webhooks")


@require_http_methods(["GET", "HEAD", "POST"])
@administer
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All endpoints, what was given up, and adding one."""
    form = EndpointForm(desk, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.carries_out(
        lambda: endpoints.add_endpoint(desk.community, **form.cleaned_data, by=desk.person)
    ):
        messages.success(request, _("The city was added; it answered."))
        return redirect("desk:endpoints")
    told = {
        "section": "endpoints",
        "endpoints": endpoints.endpoints_of(desk.community),
        "given_up": endpoints.given_up(desk.community)[:MOST_SHOWN],
        "form": form,
    }
    return render(request, "workbench/endpoints.html", told, status=422 if form.errors else 200)


def _endpoint_or_404(desk: Desk, uuid: UUID) -> Endpoint:
    rows = Endpoint.objects.select_related("community")
    return get_object_or_404(rows, community=desk.community, uuid=uuid)


@require_POST
@administer
def set_active(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Pause it, or let it go on."""
    active = request.POST.get("active") == "1"
    endpoints.set_active(_endpoint_or_404(desk, uuid), active, by=desk.person)
    told = _("It goes on.") if active else _("It is paused; what is to be sent waits.")
    messages.success(request, told)
    return redirect("desk:endpoints")


@require_POST
@administer
def now(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Fetch and send at once, in the background."""
    exchange_now(_endpoint_or_404(desk, uuid))
    messages.success(request, _("It is being asked. Please look again in a minute."))
    return redirect("desk:endpoints")


@require_POST
@administer
def remove(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Remove it; the matters stay."""
    endpoints.remove_endpoint(_endpoint_or_404(desk, uuid), by=desk.person)
    messages.success(request, _("The city was removed; the matters stay as they are."))
    return redirect("desk:endpoints")


@require_POST
@administer
def again(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Try one request again."""
    rows = Exchanged.objects.filter(endpoint__community=desk.community, uuid=uuid)
    get_object_or_404(rows)
    if endpoints.try_again(rows):
        messages.success(request, _("It will be tried again at once."))
    else:
        messages.info(request, _("It is known there already."))
    return redirect("desk:endpoints")
