"""Who may open a page of the workbench, and the text of a request made safe to use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.views.decorators.cache import never_cache

from linli.kernel.access.relations import can, is_staff
from linli.kernel.organisations.current import community_of_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person


@dataclass(frozen=True)
class Desk:
    """Who works, and in which community."""

    person: Person
    community: Community

    def can(self, power: str) -> bool:
        """Whether the person holds a power of the pack here."""
        return can(self.person, power, self.community)


def staff_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a page to staff of the community alone; the view takes a `Desk` after the request."""
    return _guarded(view, "")


def needs(power: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Open a page to those who hold a power, staff or administrators of the installation."""
    return lambda view: _guarded(view, power)


def staff_who(
    may: Callable[[Person, Community], bool],
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Open a page to those of the staff to whom a rule of a mechanism opens it."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @staff_only
        @wraps(view)
        def guarded(request: HttpRequest, desk: Desk, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(desk.person, desk.community):
                raise PermissionDenied
            return view(request, desk, *args, **kwargs)

        return guarded

    return decorate


def _guarded(view: Callable[..., HttpResponse], power: str) -> Callable[..., HttpResponse]:
    """Check who comes; inside, days and times are those of the community."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        community = community_of_request(request)
        person: Any = request.user
        if community is None:
            raise PermissionDenied
        opened = can(person, power, community) if power else is_staff(person, community)
        if not opened:
            raise PermissionDenied
        with timezone.override(ZoneInfo(community.timezone)):
            return view(request, Desk(person, community), *args, **kwargs)

    return guarded


def typed(request: HttpRequest, name: str, most: int = 200) -> str:
    """Return what was typed into a field of a search, without what no database takes."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:most]
