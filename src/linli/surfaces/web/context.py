"""What every page knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.relations import is_staff
from linli.kernel.organisations.current import community_of_request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

LARGE_TYPE_COOKIE = "linli_large_type"

DOORS = (
    ("home", "residents:home", "home", _("Home")),
    ("report", "casework:report", "message-plus", _("Report something")),
    ("board", "casework:board", "eye", _("See what was done")),
    ("mine", "casework:mine", "user", _("My matters")),
)
DESK = (
    ("inbox", "desk:inbox", "inbox", _("Inbox")),
    ("map", "desk:map", "map", _("Map")),
    ("board", "desk:board", "list", _("Board")),
    ("search", "desk:search", "search", _("Search")),
    ("people", "desk:people", "users", _("People")),
    ("organisations", "desk:organisations", "building", _("Organisations")),
    ("figures", "desk:figures", "chart-bar", _("Figures")),
)


def site(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of every page shows."""
    community = community_of_request(request)
    user = getattr(request, "user", None)
    person = user if user is not None and user.is_authenticated else None
    staff = community is not None and is_staff(person, community)
    return {
        "community": community,
        "large_type": large_type_of(request),
        "here": request.get_full_path() if request.method == "GET" else request.path,
        "doors": list(_entries(DOORS)),
        "is_staff_here": staff,
        "desk_nav": list(_entries(DESK)) if staff else [],
    }


def large_type_of(request: HttpRequest) -> bool:
    """Whether the reader wants large type: by the person's setting, else this browser's."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return bool(user.large_type)
    return request.COOKIES.get(LARGE_TYPE_COOKIE) == "1"


def _entries(declared: Iterable[tuple[str, str, str, Any]]) -> Iterable[dict[str, Any]]:
    """Doors that are not built are not shown."""
    for name, view, icon, label in declared:
        try:
            yield {"name": name, "url": reverse(view), "icon": icon, "label": label}
        except NoReverseMatch:
            continue
