"""The language a page is shown in: the person's own, else what the browser asks for."""

from django.middleware.locale import LocaleMiddleware


class PreferredLanguageMiddleware(LocaleMiddleware):
    """Chooses the language of a request."""
