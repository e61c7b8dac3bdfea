"""Times are shown as the clock on the community's wall says."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone

from linli.kernel.organisations.current import community_of_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

# Machines are told times in UTC, with their offset; files tell none, calendars their own.
WITHOUT_ZONE = ("/api/", "/files/", "/calendar/", "/healthz", "/readyz", "/metrics")


class CommunityZoneMiddleware:
    """Reads and shows times of pages in the zone of the community they are about."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(WITHOUT_ZONE):
            return self.get_response(request)
        community = community_of_request(request)
        with timezone.override(ZoneInfo(community.timezone) if community else None):
            return self.get_response(request)
