"""Errors as RFC 9457 problem details, in the language the caller asks for.

``type`` is ``/problems/KIND`` and never changes its meaning: docs/reference/problems.md.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from linli.kernel.access.rates import seconds_left, within_rate
from linli.kernel.files.refusal import UploadRefused
from linli.kernel.outage import AWAY_SECONDS, is_database_away
from linli.kernel.procedures.checking import sentence_of
from linli.kernel.procedures.errors import InvalidFacts, Refused
from linli.surfaces.api.parsing import NotJson

if TYPE_CHECKING:
    from collections.abc import Callable

    from ninja import NinjaAPI

log = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
KINDS = {
    400: "bad-request",
    401: "token-needed",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "not-json",
    429: "too-many-requests",
    500: "server-error",
    503: "busy",
}


def problem(status: int, kind: str, title: str, **more: Any) -> JsonResponse:
    """Return a problem: ``title`` is a sentence for people, ``more`` its extension members."""
    body = {"type": f"/problems/{kind}", "title": title, "status": status, **more}
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)


def of_refusal(error: Refused, **more: Any) -> JsonResponse:
    """Return a refusal of `perform` as a problem."""
    if isinstance(error, InvalidFacts):
        more["errors"] = error.errors
    return problem(error.status, error.code.replace("_", "-"), error.sentence, **more)


def of_fields(errors: dict[str, list[str]]) -> JsonResponse:
    """Return the problem of fields that are missing or wrong."""
    return of_refusal(InvalidFacts(errors))


def of_status(status: int) -> JsonResponse:
    """Return a problem for a bare HTTP status."""
    titles = {
        400: _("The request could not be read."),
        401: _("A valid token is needed."),
        403: _("You may not do this."),
        404: _("There is nothing here, or nothing you may see."),
        405: _("This address does not take this method."),
        413: _("The request is too large."),
        415: _("Please send JSON (application/json)."),
        429: _("Too many requests; please wait."),
        503: _("Linli is busy just now; nothing was done. Please send it again a little later."),
    }
    known = status if status in titles else 400 if status < 500 else 500
    title = titles.get(known) or _("Linli failed. The failure was noted.")
    return problem(status, KINDS[known], title)


def too_many(seconds: int) -> HttpResponse:
    """Return the problem of calling too often, and when to come back."""
    return _come_back(429, seconds)


def _come_back(status: int, seconds: int) -> HttpResponse:
    answer = of_status(status)
    answer["Retry-After"] = str(seconds)
    return answer


def unknown_caller(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return that a token is needed; those who ask again and again have to wait."""
    if not within_rate("api_anonymous", request):
        return too_many(seconds_left("api_anonymous"))
    answer = of_status(401)
    answer["WWW-Authenticate"] = 'Bearer realm="linli"'
    return answer


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Return what is wrong with each parameter, header or member of the body."""
    errors: dict[str, list[str]] = {}
    for one in error.errors:
        # ("query", "limit"), ("body", "body", "facts"): where it stands, then what it is.
        path = [part for part in one["loc"] if part not in ("body", "query", "header", "filters")]
        sentence = sentence_of(one)  # type: ignore[arg-type]
        errors.setdefault(str(path[0]) if path else "__all__", []).append(sentence)
    return of_fields(errors)


def failed(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Return what the framework refused: a body that is not JSON, mostly."""
    unread = isinstance(error.__cause__, NotJson)
    return of_status(415 if unread else error.status_code)


def crashed(request: HttpRequest, error: Exception) -> HttpResponse:
    """Note a failure of our own or of the database, and say no more than that."""
    log.error("the API failed on %s %s", request.method, request.path, exc_info=error)
    return _come_back(503, AWAY_SECONDS) if is_database_away(error) else of_status(500)


def install(api: NinjaAPI) -> None:
    """Answer every error of the API as a problem."""
    handlers: dict[type[Exception], Callable[..., HttpResponse]] = {
        Refused: lambda request, error: of_refusal(error),
        UploadRefused: lambda request, error: of_fields({"file": [error.sentence]}),
        ValidationError: invalid,
        AuthenticationError: unknown_caller,
        Throttled: lambda request, error: too_many(error.wait or 1),
        Http404: lambda request, error: of_status(404),
        HttpError: failed,
        RequestDataTooBig: lambda request, error: of_status(413),
        SuspiciousOperation: lambda request, error: of_status(400),
        # A form that breaks off, or whose parts cannot be told apart.
        MultiPartParserError: lambda request, error: of_status(400),
        UnreadablePostError: lambda request, error: of_status(400),
        Exception: crashed,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


class ProblemMiddleware:
    """Makes problems of what Django itself answers below /api/: unknown routes and methods."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        is_ours = request.path.startswith("/api/") and answer.status_code >= 400
        if not is_ours or answer.get("Content-Type", "").startswith(CONTENT_TYPE):
            return answer
        told = of_status(answer.status_code)
        for header in ("Allow", "Retry-After"):
            if header in answer:
                told[header] = answer[header]
        return told
