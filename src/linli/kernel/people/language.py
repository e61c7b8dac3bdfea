"""The language a page is shown in: chosen in this browser, the person's own, or the browser's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

if TYPE_CHECKING:
    from django.http import HttpRequest


class PreferredLanguageMiddleware(LocaleMiddleware):
    """Chooses the language of a request. Comes after the middleware that knows who is signed in."""

    def process_request(self, request: HttpRequest) -> None:
        """Make the language the active one."""
        translation.activate(language_of(request))
        request.LANGUAGE_CODE = translation.get_language()


def language_of(request: HttpRequest) -> str:
    """Return the language: this browser's choice, the person's, what the browser asks for, ours."""
    known = dict(settings.LANGUAGES)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in known:
        return chosen
    if settings.SESSION_COOKIE_NAME in request.COOKIES:  # without one nobody is signed in
        own = getattr(request.user, "language", "")
        if own in known:
            return str(own)
    return translation.get_language_from_request(request)
