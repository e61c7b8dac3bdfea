"""Calendars of deadlines: by a secret link that programs ask again and again, or of one matter."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linli.kernel.access.models import ApiToken
from linli.kernel.access.rates import seconds_left, within_rate
from linli.kernel.access.tokens import verify
from linli.kernel.deadlines.agenda import agenda
from linli.kernel.deadlines.agenda import of_matter as entries_of_matter
from linli.kernel.deadlines.calendar_file import CONTENT_TYPE, calendar_file, etag_of
from linli.kernel.notify.readers import absolute
from linli.mechanisms.casework.letters import may_write_letter
from linli.surfaces.web.papers.handing_out import download
from linli.surfaces.web.workbench.guarding import Desk, staff_only
from linli.surfaces.web.workbench.views.matter import matter_or_404

if TYPE_CHECKING:
    from django.http import HttpRequest

    from linli.kernel.deadlines.agenda import Entry
    from linli.kernel.matters.models import Matter


@require_safe
def subscribed(request: HttpRequest, token: str) -> HttpResponse:
    """The deadlines of whom a link belongs to; who guesses links is slowed."""
    if not within_rate("calendar", request):
        return _wait("calendar")
    link = verify(token, ApiToken.Scope.CALENDAR)
    if link is None:
        if not within_rate("wrong_link", request):
            return _wait("wrong_link")
        raise Http404
    community = link.community
    language = link.person.language or "zh-hans"
    with override(language), timezone.override(ZoneInfo(community.timezone)):
        entries = agenda(link.person, community, _page_of, timezone.now())
        name = _("Deadlines · %(community)s") % {"community": community.name}
        content = calendar_file(name, entries)
    return _unless_known(request, content, entries)


def _wait(limit: str) -> HttpResponse:
    answer = HttpResponse("Too many requests.", status=429, content_type="text/plain")
    answer["Retry-After"] = str(seconds_left(limit))
    return answer


def _page_of(matter: Matter) -> str:
    return absolute(reverse("desk:matter", kwargs={"number": matter.number}))


def _unless_known(request: HttpRequest, content: bytes, entries: list[Entry]) -> HttpResponse:
    """Return the calendar, or 304 to a program that has it."""
    answer = HttpResponse(content, content_type=CONTENT_TYPE)
    answer["ETag"] = etag_of(content)
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    newest = max((entry.changed for entry in entries), default=None)
    if newest is not None:
        answer["Last-Modified"] = http_date(newest.timestamp())
    # What left the calendar leaves no newer date behind: the ETag alone can be trusted.
    found = get_conditional_response(request, answer["ETag"], None, answer)
    assert found is not None  # noqa: S101 - given an answer, Django returns one
    return found


@never_cache
@require_safe
@staff_only
def of_matter(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """The deadlines that run on one matter, as a file."""
    matter = matter_or_404(desk, number)
    if not may_write_letter(desk.person, matter):
        raise PermissionDenied
    content = calendar_file(matter.number, entries_of_matter(matter, _page_of(matter)))
    return download(content, CONTENT_TYPE, f"{matter.number}.ics")
