"""The first page, and the choice of language and type size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from linli.kernel.organisations.current import community_of_request
from linli.mechanisms.casework.board import figures, latest_answered
from linli.mechanisms.casework.intake import desk_of
from linli.surfaces.web.context import LARGE_TYPE_COOKIE

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

A_YEAR = 60 * 60 * 24 * 365


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The doors, and what the neighbourhood did lately."""
    community = community_of_request(request)
    told: dict[str, Any] = {"section": "home"}
    if community is not None:
        told["figures"] = figures(community)
        told["latest"] = latest_answered(community)
        told["desk"] = desk_of(community)
    return render(request, "residents/home.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
def display(request: HttpRequest) -> HttpResponse:
    """Choose language and type size; kept in this browser, and on the account if signed in."""
    if request.method != "POST":
        return render(request, "residents/display.html", {"section": "display"})
    answer = HttpResponseRedirect(_back(request))
    language, large = request.POST.get("language"), request.POST.get("large")
    person = request.user if request.user.is_authenticated else None
    if language in dict(settings.LANGUAGES):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, A_YEAR, samesite="Lax")
        if person is not None:
            person.language = language
            person.save(update_fields=["language"])
    if large in ("0", "1"):
        answer.set_cookie(LARGE_TYPE_COOKIE, large, A_YEAR, samesite="Lax")
        if person is not None:
            person.large_type = large == "1"
            person.save(update_fields=["large_type"])
    return answer


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()):
        return wanted
    return reverse("residents:home")
