"""What every page knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.relations import can, is_staff
from linli.kernel.notify.inbox import unread_count
from linli.kernel.organisations.current import community_of_request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

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
    ("deliveries", "desk:deliveries", "send", _("Deliveries")),
    ("webhooks", "desk:webhooks", "link", _("Webhooks")),
)

# Pages of the workbench that need a power of the pack; the others are open to all staff.
POWERS = {
    "people": "administer_people",
    "organisations": "administer_organisations",
    "deliveries": "administer_webhooks",
    "webhooks": "administer_webhooks",
}


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
        "desk_nav": _desk_of(person, community) if staff and community is not None else [],
        "unread_notices": SimpleLazyObject(lambda: unread_count(person)) if person else 0,
    }


def large_type_of(request: HttpRequest) -> bool:
    """Whether the reader wants large type: by the person's setting, else this browser's."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return bool(user.large_type)
    return request.COOKIES.get(LARGE_TYPE_COOKIE) == "1"


def _desk_of(person: Person | None, community: Community) -> list[dict[str, Any]]:
    """Return the pages of the workbench that are open to a member of staff."""
    entries = _entries(DESK)
    return [
        entry
        for entry in entries
        if entry["name"] not in POWERS or can(person, POWERS[entry["name"]], community)
    ]


def _entries(declared: Iterable[tuple[str, str, str, Any]]) -> Iterable[dict[str, Any]]:
    """Doors that are not built are not shown."""
    for name, view, icon, label in declared:
        try:
            yield {"name": name, "url": reverse(view), "icon": icon, "label": label}
        except NoReverseMatch:
            continue
