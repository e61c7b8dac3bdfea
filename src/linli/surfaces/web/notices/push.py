"""Push messages in a browser: switching them on and off, and the script that receives them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel.notify.push_subscriptions import SubscriptionRefused, subscribe, unsubscribe

if TYPE_CHECKING:
    from django.http import HttpRequest

SCRIPT = "linli/sw.js"
MOST_BYTES = 4_096


@require_POST
def subscribe_browser(request: HttpRequest) -> HttpResponse:
    """Keep the subscription that the browser made, sent as JSON."""
    told, refusal = _told(request)
    if refusal is not None:
        return refusal
    person: Any = request.user
    try:
        subscribe(person, told)
    except SubscriptionRefused as refused:
        return _refused(400, str(refused))
    return JsonResponse({"on": True}, status=201)


@require_POST
def unsubscribe_browser(request: HttpRequest) -> HttpResponse:
    """Forget this browser's subscription, ``{"endpoint": …}``; forgetting twice does no harm."""
    told, refusal = _told(request)
    if refusal is not None:
        return refusal
    person: Any = request.user
    unsubscribe(person, told.get("endpoint"))
    return JsonResponse({"on": False})


def _told(request: HttpRequest) -> tuple[dict[str, Any], HttpResponse | None]:
    """Return what was sent, or the answer that says why it cannot be used."""
    if not request.user.is_authenticated:
        return {}, _refused(403, _("Please sign in first."))
    content = request.body
    if len(content) > MOST_BYTES:
        return {}, _refused(413, _("That is more than a subscription can be."))
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return {}, _refused(400, _("The browser sent no valid subscription."))
    return told, None


def _refused(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"detail": sentence}, status=status)


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse | FileResponse:
    """The script, at the root, so that it may act for the whole site."""
    path = finders.find(SCRIPT)
    if not isinstance(path, str):
        raise Http404
    answer = FileResponse(open(path, "rb"), content_type="text/javascript")  # noqa: SIM115
    answer["Cache-Control"] = "no-cache"
    return answer
