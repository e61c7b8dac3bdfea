"""Entries as an iCalendar file (RFC 5545), with the zones they need, and an ETag."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import icalendar

from linli.kernel.papers.wording import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linli.kernel.deadlines.agenda import Entry

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=1)


def calendar_file(name: str, entries: Sequence[Entry]) -> bytes:
    """Return a calendar of a name: the same entries give the same bytes.

    So a program that asks again is told that nothing changed: stamps are when the matter changed,
    as RFC 5545 (3.8.7.2) wants them where no METHOD is given.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Linli//Deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", clean(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_event(entry))
    calendar.add_missing_timezones(*_span(entries))
    return calendar.to_ical()


def _event(entry: Entry) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed.replace(microsecond=0))
    event.add("last-modified", entry.changed.replace(microsecond=0))
    event.add("sequence", entry.sequence)
    event.add("status", entry.status)
    event.add("summary", " ".join(clean(entry.summary).split()))
    event.add("dtstart", entry.at)
    if not isinstance(entry.at, datetime):
        event.add("dtend", entry.at + timedelta(days=1))
    if entry.link:
        event.add("url", entry.link)
    event.add("transp", "TRANSPARENT")  # a deadline does not make one busy
    return event


def _span(entries: Sequence[Entry]) -> tuple[date, date]:
    """Return days around all entries: how far back and ahead the zones must be described."""
    years = [entry.at.year for entry in entries] or [date.today().year]
    return date(min(years) - 1, 1, 1), date(max(years) + 2, 1, 1)


def etag_of(content: bytes) -> str:
    """Return the ETag of a file."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
