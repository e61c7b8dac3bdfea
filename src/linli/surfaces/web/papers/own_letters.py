"""What a reporter takes home: the reply as PDF, and the promised day for the own calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.kernel.access.rates import within_rate
from linli.kernel.deadlines.agenda import Entry, uid_of
from linli.kernel.deadlines.calendar_file import CONTENT_TYPE, calendar_file
from linli.kernel.notify.readers import absolute
from linli.kernel.papers.pdf import PdfNotAvailable
from linli.mechanisms.casework.letters import is_answered, languages_of, letter_of
from linli.mechanisms.casework.promises import promise_of
from linli.mechanisms.casework.views.tracking import Own, mine, secret
from linli.surfaces.web.papers.handing_out import download, file_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def letter(request: HttpRequest, own: Own) -> HttpResponse:
    """The reply as PDF, with the QR code of one's own page."""
    if not (is_answered(own.matter) and languages_of(own.matter)):
        raise Http404
    if not within_rate("letter", request):
        return _sorry(request, _("Too many at once"), _("Please wait a little and try again."), 429)
    document = letter_of(own.matter, get_language() or "", link=absolute(own.url()))
    try:
        return file_of(document, "pdf", f"{own.matter.number}-letter")
    except PdfNotAvailable:
        sentence = _("This server cannot make PDF yet. Please print the page of your matter.")
        return _sorry(request, _("No PDF yet"), sentence, 503)


def _sorry(request: HttpRequest, heading: str, sentence: str, status: int) -> HttpResponse:
    told = {"heading": heading, "sentence": sentence}
    return render(request, "web/error.html", told, status=status)


def promise(request: HttpRequest, own: Own) -> HttpResponse:
    """The promised day as an entry for a calendar.

    A secret link stays out of it: calendars are kept by others.
    """
    promised = promise_of(own.matter)
    if promised is None:
        raise Http404
    entry = Entry(
        uid=uid_of(own.matter, "promise"),
        summary=_("Promised: %(title)s (%(number)s)")
        % {"title": own.matter.title, "number": own.matter.number},
        at=promised.on,
        link="" if own.token else absolute(own.url()),
        changed=own.matter.changed_at,
        sequence=own.matter.version,
    )
    content = calendar_file(own.matter.community.name, [entry])
    return download(content, CONTENT_TYPE, f"{own.matter.number}.ics")


tracking_letter = require_safe(secret(letter))
tracking_promise = require_safe(secret(promise))
my_letter = require_safe(mine(letter))
my_promise = require_safe(mine(promise))
