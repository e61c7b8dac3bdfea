"""What every address shares: the format, the jurisdiction, the key, how often, and errors."""

from __future__ import annotations

import logging
import re
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from linli.kernel.access.models import ApiToken
from linli.kernel.access.rates import allowed, seconds_left, sender_of
from linli.kernel.access.tokens import verify
from linli.kernel.files.refusal import UploadRefused
from linli.kernel.organisations.models import Community
from linli.kernel.outage import AWAY_SECONDS, is_database_away
from linli.kernel.procedures.errors import InvalidFacts, Refused
from linli.surfaces.open311.writing import FORMATS, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)
_UNREAD = BadRequest | SuspiciousOperation | MultiPartParserError | UnreadablePostError
# What GeoReport v2 calls the facts of a report.
THEIR_NAMES = {
    "text": "description",
    "address": "address_string",
    "doorway": "address_id",
    "longitude": "long",
    "latitude": "lat",
    "category": "service_code",
    "name": "first_name",
    "account": "account_id",
    "pictures": "media",
}


class Wrong(Exception):
    """The request cannot be answered; ``status`` as GeoReport v2 assigns it."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


class TooMany(Exception):
    """The caller has to wait for some seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


def answering(
    *methods: str,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let a view answer these methods; whatever it raises becomes an error of the standard."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, format: str = "json", **kwargs: Any) -> Any:
            known = format if format in FORMATS else "json"
            request.encoding = "utf-8"  # GeoReport v2: whatever the request says of itself
            try:
                if known != format:
                    raise Http404
                if request.method not in methods:
                    return _other_method(known, methods)
                return view(request, *args, format=format, **kwargs)
            except Exception as error:
                return _error(request, known, error)

        return answer

    return decorate


def _other_method(format: str, methods: tuple[str, ...]) -> HttpResponse:
    answer = refused(format, 405, _("This address does not take this method."))
    answer["Allow"] = ", ".join(methods)
    return answer


def _error(request: HttpRequest, format: str, error: Exception) -> HttpResponse:
    if isinstance(error, Wrong):
        return refused(format, error.status, error.sentence)
    if isinstance(error, TooMany):
        sentence = _("Too many requests; please wait.")
        return _come_back(refused(format, 429, sentence), error.seconds)
    if isinstance(error, InvalidFacts):
        return refused(format, 400, *_sentences(error))
    if isinstance(error, Refused | UploadRefused):
        return refused(format, 400, error.sentence)
    if isinstance(error, Http404):
        return refused(format, 404, _("There is nothing here."))
    if isinstance(error, RequestDataTooBig):
        return refused(format, 413, _("The request is too large."))
    if isinstance(error, _UNREAD):
        return refused(format, 400, _("The request could not be read."))
    log.error("Open311 failed on %s %s", request.method, request.path, exc_info=error)
    if is_database_away(error):
        sentence = _(
            "Linli is busy just now; nothing was done. Please send it again a little later."
        )
        return _come_back(refused(format, 503, sentence), AWAY_SECONDS)
    return refused(format, 500, _("Linli failed. The failure was noted."))


def _come_back(answer: HttpResponse, seconds: int) -> HttpResponse:
    answer["Retry-After"] = str(seconds)
    return answer


def _sentences(error: InvalidFacts) -> list[str]:
    found = []
    for name, sentences in error.errors.items():
        theirs = THEIR_NAMES.get(name, name)
        if name.startswith("answers."):
            theirs = f"attribute[{name.removeprefix('answers.')}]"
        start = "" if name == "__all__" else f"{theirs}: "
        found += [f"{start}{sentence}" for sentence in sentences]
    return found


def given(request: HttpRequest, name: str, most: int = 4_000) -> str:
    """Return a parameter, of the form before the address, without spaces around it.

    Raises Wrong where it is longer than ``most`` or holds what no database takes.
    """
    value = (request.POST.get(name) or request.GET.get(name) or "").strip()
    if len(value) > most:
        sentence = _("%(name)s: at most %(max)s characters.") % {"name": name, "max": most}
        raise Wrong(400, sentence)
    if re.search("[\x00\ud800-\udfff]", value):
        raise Wrong(400, _("%(name)s: it holds characters that cannot be kept.") % {"name": name})
    return value


def key_of(request: HttpRequest) -> ApiToken | None:
    """Return the key of a request, None where it has none. Raises Wrong for one that is no key."""
    text = given(request, "api_key", 200)
    if not text:
        return None
    token = verify(text, ApiToken.Scope.OPEN311)
    if token is None:
        _count("api_anonymous", sender_of(request))  # who tries keys out has to wait
        raise Wrong(403, _("This api_key is not valid."))
    return token


def jurisdiction_of(request: HttpRequest, token: ApiToken | None = None) -> Community:
    """Return the community asked for, or the key's, or the only one. Raises Wrong."""
    code = given(request, "jurisdiction_id", 200)
    rows = Community.objects.select_related("pack").defer("pack__content")
    if token is not None and code in ("", token.community.code):
        return token.community
    if token is not None:
        raise Wrong(403, _("This api_key is not for this jurisdiction_id."))
    found = list(rows.filter(code=code) if code else rows.order_by("pk")[:2])
    if len(found) == 1:
        return found[0]
    if not code and found:
        raise Wrong(400, _("jurisdiction_id: please say which; several are served here."))
    raise Wrong(404, _("There is no such jurisdiction_id."))


def count_reading(request: HttpRequest, token: ApiToken | None) -> None:
    """Count a question of this caller. Raises TooMany."""
    _count("open311", f"token:{token.pk}" if token else sender_of(request))


def count_submission(token: ApiToken) -> None:
    """Count a submission with this key. Raises TooMany."""
    _count("open311_submit", f"token:{token.pk}")


def _count(limit: str, who: str) -> None:
    if not allowed(limit, who):
        raise TooMany(seconds_left(limit))
