"""What narrows a list of requests, and which page of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from linli.surfaces.open311.receiving import Wrong, given

if TYPE_CHECKING:
    from django.http import HttpRequest

    from linli.kernel.organisations.models import Community

SPAN = timedelta(days=90)  # GeoReport v2: no more at a time, and the most recent by default
MOST = 1_000  # GeoReport v2: the default limit
MOST_PAGES = 10_000
MOST_CODES = 300
STATUSES = ("open", "closed")
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Filters:
    """What was asked for. ``numbers`` override all the rest but the page."""

    numbers: tuple[str, ...]
    services: tuple[str, ...]
    statuses: tuple[str, ...]
    since: datetime
    until: datetime
    updated_since: datetime | None
    updated_until: datetime | None
    page: int
    size: int

    @classmethod
    def of(cls, request: HttpRequest, community: Community) -> Filters:
        """Read the filters of a request. Raises Wrong."""
        statuses = _list(request, "status")
        if unknown := set(statuses) - set(STATUSES):
            sentence = _("status: “%(value)s” is neither open nor closed.")
            raise Wrong(400, sentence % {"value": sorted(unknown)[0][:40]})
        zone = ZoneInfo(community.timezone)
        updated_since = _time(request, "updated_after", zone)
        updated_until = _time(request, "updated_before", zone)
        by_update = updated_since is not None or updated_until is not None
        since, until = _span(request, zone, by_update)
        return cls(
            numbers=tuple(number.upper() for number in _list(request, "service_request_id")),
            services=tuple(_list(request, "service_code")),
            statuses=tuple(statuses),
            since=since,
            until=until,
            updated_since=updated_since,
            updated_until=updated_until,
            page=_number(request, "page", 1, MOST_PAGES),
            size=_number(request, "page_size", MOST, MOST),
        )


def _list(request: HttpRequest, name: str) -> list[str]:
    found = [part.strip() for part in given(request, name, 20_000).split(",")]
    kept = list(dict.fromkeys(part for part in found if part))
    if len(kept) > MOST_CODES:
        raise Wrong(400, _("%(name)s: at most %(max)s.") % {"name": name, "max": MOST_CODES})
    return kept


def _span(request: HttpRequest, zone: ZoneInfo, by_update: bool) -> tuple[datetime, datetime]:
    """Return the span in which requests were made; all of time where only updates are asked for."""
    since, until = _time(request, "start_date", zone), _time(request, "end_date", zone)
    if by_update and since is None and until is None:
        return _FIRST, _LAST
    if since is None and until is None:
        now = timezone.now()
        return now - SPAN, now
    if since is None:
        assert until is not None  # noqa: S101 - one of the two was given
        return max(_FIRST, until - SPAN), until
    if until is None:
        return since, min(since + SPAN, _LAST)
    if until < since:
        raise Wrong(400, _("end_date: it lies before start_date."))
    if until - since > SPAN:
        raise Wrong(400, _("start_date, end_date: at most 90 days at a time."))
    return since, until


def _time(request: HttpRequest, name: str, zone: ZoneInfo) -> datetime | None:
    """Return a time in ISO 8601; without an offset, or a day alone, it is the community's."""
    text = given(request, name, 40)
    if not text:
        return None
    text = re.sub(r" (\d\d:?\d\d)$", r"+\1", text)  # a plus sign that was not escaped
    try:
        found = parse_datetime(text)
        if found is None:
            found = datetime.combine(date.fromisoformat(text), time.min)
        found = (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        sentence = _("%(name)s: please give a time like 2010-01-01T00:00:00Z.")
        raise Wrong(400, sentence % {"name": name}) from None
    if not _FIRST <= found <= _LAST:
        raise Wrong(400, _("%(name)s: this lies too far off.") % {"name": name})
    return found


def _number(request: HttpRequest, name: str, default: int, most: int) -> int:
    text = given(request, name, 20)
    if not text:
        return default
    value = int(text) if text.isascii() and text.isdecimal() else 0
    if not 1 <= value <= most:
        sentence = _("%(name)s: please give a number from 1 to %(max)s.")
        raise Wrong(400, sentence % {"name": name, "max": most})
    return value
