"""Errors as RFC 9457 problem details, in the language the caller asks for."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from linli.kernel.files.refusal import UploadRefused
from linli.kernel.procedures.errors import ChangedMeanwhile, InvalidFacts, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from ninja import NinjaAPI

log = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"


def problem(status: int, kind: str, title: str, **more: Any) -> JsonResponse:
    """Return a problem: ``type`` is ``/problems/KIND``, described in docs/reference/problems.md."""
    body = {"type": f"/problems/{kind}", "title": title, "status": status, **more}
    return JsonResponse(
        body,
        status=status,
        content_type=CONTENT_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


def of_refusal(error: Refused) -> JsonResponse:
    """Return a refusal of `perform` as a problem."""
    more: dict[str, Any] = {}
    if isinstance(error, InvalidFacts):
        more["errors"] = error.errors
    if isinstance(error, ChangedMeanwhile):
        more["current_version"] = error.current_version
        more["events"] = [
            {"version": event.seq, "kind": event.kind, "at": event.at.isoformat()}
            for event in error.events
        ]
    return problem(error.status, error.code.replace("_", "-"), error.sentence, **more)


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
        500: _("Linli failed. The failure was noted."),
    }
    kind = HTTPStatus(status).phrase.lower().replace(" ", "-")
    return problem(status, kind, titles.get(status, HTTPStatus(status).phrase))


def install(api: NinjaAPI) -> None:
    """Answer every error of the API as a problem."""

    def on(error: type[Exception]) -> Callable[..., Any]:
        return api.exception_handler(error)

    @on(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        return of_refusal(error)

    @on(UploadRefused)
    def upload_refused(request: HttpRequest, error: UploadRefused) -> HttpResponse:
        return problem(422, "invalid-facts", _("Please check the marked fields."),
                       errors={"file": [error.sentence]})  # fmt: skip

    @on(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors: dict[str, list[str]] = {}
        for one in error.errors:
            errors.setdefault(str(one["loc"][-1]), []).append(_("This value is not valid."))
        return problem(422, "invalid-facts", _("Please check the marked fields."), errors=errors)

    @on(AuthenticationError)
    def unknown_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        answer = of_status(401)
        answer["WWW-Authenticate"] = 'Bearer realm="Linli"'
        return answer

    @on(Throttled)
    def too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
        answer = of_status(429)
        answer["Retry-After"] = str(int(error.wait or 60))
        return answer

    @on(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return of_status(404)

    @on(HttpError)
    def failed(request: HttpRequest, error: HttpError) -> HttpResponse:
        return of_status(error.status_code)

    @on(RequestDataTooBig)
    def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return of_status(413)

    @on(SuspiciousOperation)
    def suspicious(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
        return of_status(400)

    @on(Exception)
    def crashed(request: HttpRequest, error: Exception) -> HttpResponse:
        log.exception("the API failed on %s", request.path, exc_info=error)
        return of_status(500)


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
