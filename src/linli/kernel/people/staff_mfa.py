"""Staff sign in with a second factor: until they have one, they can do nothing but set it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from linli.kernel.access.relations import is_staff
from linli.kernel.people.sign_in import has_second_factor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

# What stays open: setting it up, signing out, language and type size.
OPEN = ("account_", "mfa_", "residents:display")


class StaffNeedsSecondFactorMiddleware:
    """Leads staff without a second factor to set one up, wherever they go.

    A session of theirs opens more than the workbench: files and timelines show staff more than
    others. Bearer tokens are not sessions and pass.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.STAFF_NEEDS_SECOND_FACTOR and _must_set_one_up(request):
            return _lead_there(request)
        return self.get_response(request)


def _must_set_one_up(request: HttpRequest) -> bool:
    if "Authorization" in request.headers or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    person = request.user
    if not person.is_authenticated or not (person.is_administrator or is_staff(person)):
        return False
    return not _stays_open(request.path_info) and not has_second_factor(person)


def _stays_open(path: str) -> bool:
    try:
        return resolve(path).view_name.startswith(OPEN)
    except Resolver404:
        return False


def _lead_there(request: HttpRequest) -> HttpResponse:
    told = _("Whoever works here signs in with a second factor. Please set one up first.")
    if request.path_info.startswith("/api/"):
        problem = {"type": "about:blank", "title": told, "status": 403,
                   "code": "second_factor_needed"}  # fmt: skip
        return JsonResponse(problem, status=403, content_type="application/problem+json")
    if request.method in ("GET", "HEAD"):
        messages.warning(request, told)
        return redirect("mfa_index")
    said = {"heading": _("A second factor is needed"), "sentence": told}
    return render(request, "web/error.html", said, status=403)
