"""Other cities' servers: adding, how they do, what could not be exchanged and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel.exchange import endpoints
from linli.kernel.exchange.models import Endpoint, Exchanged
from linli.mechanisms.casework.exchanging.tasks import exchange_now
from linli.surfaces.web.workbench.endpoint_forms import EndpointForm
from linli.surfaces.web.workbench.machines import Machines, administer

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from linli.surfaces.web.workbench.guarding import Desk

MOST_SHOWN = 50
cities = Machines(
    Endpoint,
    "desk:endpoints",
    endpoints.set_active,
    endpoints.remove_endpoint,
    goes_on=_l("It goes on."),
    paused=_l("It is paused; what is to be sent waits."),
    removed=_l("The city was removed; the matters stay as they are."),
)
set_active, remove = cities.switching(), cities.removing()


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


@require_POST
@administer
def now(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Fetch and send at once, in the background."""
    exchange_now(cities.one(desk, uuid))
    messages.success(request, _("It is being asked. Please look again in a minute."))
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
