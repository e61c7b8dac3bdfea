"""Webhooks: adding with a secret shown once, a test call, pausing, a new secret, removing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel.notify import endpoints
from linli.kernel.notify.channels import Came
from linli.kernel.notify.models import Notice, WebhookEndpoint
from linli.kernel.notify.posting import AddressRefused
from linli.surfaces.web.workbench.machines import Machines, administer
from linli.surfaces.web.workbench.webhook_forms import WebhookForm

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from linli.surfaces.web.workbench.guarding import Desk

hooks = Machines(
    WebhookEndpoint,
    "desk:webhooks",
    endpoints.set_active,
    endpoints.remove_endpoint,
    goes_on=_l("It goes on; what waited is sent."),
    paused=_l("It is paused; events wait."),
    removed=_l("The webhook was removed."),
)
set_active, remove = hooks.switching(), hooks.removing()


@require_http_methods(["GET", "HEAD", "POST"])
@administer
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All webhooks, and adding one."""
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint, secret = endpoints.add_endpoint(
                desk.community, **form.cleaned_data, by=desk.person
            )
        except AddressRefused as refused:
            form.add_error("url", str(refused))
        else:
            return _with_secret(request, endpoint, secret)
    dead = Count("notices", filter=Q(notices__state=Notice.State.DEAD))
    waiting = Count("notices", filter=Q(notices__state=Notice.State.WAITING))
    rows = WebhookEndpoint.objects.filter(community=desk.community).order_by("name", "pk")
    told = {
        "section": "webhooks",
        "endpoints": rows.annotate(dead=dead, waiting=waiting),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "workbench/webhooks.html", told, status=status)


def _with_secret(request: HttpRequest, endpoint: WebhookEndpoint, secret: str) -> HttpResponse:
    told = {"section": "webhooks", "endpoint": endpoint, "secret": secret}
    return render(request, "workbench/webhook_secret.html", told)


@require_POST
@administer
def test(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Call it now and say what it answered."""
    outcome = endpoints.test_call(hooks.one(desk, uuid))
    if outcome.came is Came.DELIVERED:
        messages.success(request, _("It answered that it took the call."))
    else:
        messages.error(request, _("It did not take the call: %(why)s") % {"why": outcome.reason})
    return redirect("desk:webhooks")


@require_POST
@administer
def rotate(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """A new secret, shown once."""
    endpoint = hooks.one(desk, uuid)
    return _with_secret(request, endpoint, endpoints.rotate_secret(endpoint, by=desk.person))
