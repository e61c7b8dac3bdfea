"""Pages for what went wrong: what happened and what to do, in plain words."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.kernel.outage import AWAY_SECONDS, is_database_away

if TYPE_CHECKING:
    from django.http import HttpRequest


def _page(request: HttpRequest, status: int, heading: str, sentence: str) -> HttpResponse:
    told = {"status": status, "heading": heading, "sentence": sentence}
    return render(request, "web/error.html", told, status=status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """The request could not be read."""
    return _page(
        request, 400, _("This could not be read"),
        _("Something in the address or the form was not in order. Please go back and try again."),
    )  # fmt: skip


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """The person may not see this."""
    return _page(
        request, 403, _("This is not open to you"),
        _("You may be signed in with another account than the one this page is for."),
    )  # fmt: skip


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """There is nothing here, or nothing this person may know of."""
    return _page(
        request, 404, _("There is nothing here"),
        _("Please check the address. A tracking link must be complete, to the last letter."),
    )  # fmt: skip


def too_many(request: HttpRequest, minutes: int = 1) -> HttpResponse:
    """Somebody asks faster than people do. ``minutes``: when to come back."""
    answer = _page(
        request, 429, _("Too many at once"),
        _("Please wait a little and try again."),
    )  # fmt: skip
    answer["Retry-After"] = str(minutes * 60)
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """Linli itself failed, or its database did: a page that needs no database and no template."""
    if is_database_away(sys.exc_info()[1]):
        return _busy()
    return _bare_page(
        500, _("Something went wrong here"),
        _("It is our fault, not yours. Nothing was lost that you were told is saved."),
    )  # fmt: skip


def _busy() -> HttpResponse:
    answer = _bare_page(
        503, _("Linli is busy just now"),
        _("This was not saved. Please wait a little, go back and send it again."),
    )  # fmt: skip
    answer["Retry-After"] = str(AWAY_SECONDS)
    return answer


def _bare_page(status: int, title: str, text: str) -> HttpResponse:
    page = (
        '<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>{title}</title><body style="font:18px/1.6 sans-serif;max-width:36rem;'
        'margin:3rem auto;padding:0 1rem"><h1>{title}</h1><p>{text}</p>'
        '<p><a href="/">{home}</a></p></body></html>'
    )
    told = {"title": title, "text": text, "home": _("To the first page")}
    return HttpResponse(page.format(language=get_language() or "en", **told), status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or came from elsewhere."""
    return _page(
        request, 403, _("This form is too old"),
        _("The page was open for a long time. Please go back, load it anew and send it again."),
    )  # fmt: skip
