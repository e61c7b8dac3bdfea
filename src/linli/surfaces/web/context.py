"""What every page knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.relations import can, is_staff, posts_in
from linli.kernel.notify.inbox import unread_count
from linli.kernel.organisations.current import community_of_request
from linli.kernel.procedures.performing import available_starts
from linli.mechanisms.casework.by_mail.by_hand import may_look
from linli.mechanisms.casework.claiming import is_caller
from linli.mechanisms.casework.hot_topics.seeing import sees_topics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.http import HttpRequest

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

Entry = tuple[str, str, str, Any]  # name, view, icon, label
LARGE_TYPE_COOKIE = "linli_large_type"

DOORS = (
    ("home", "residents:home", "home", _("Home")),
    ("report", "casework:report", "message-plus", _("Report something")),
    ("board", "casework:board", "eye", _("See what was done")),
    ("mine", "casework:mine", "user", _("My matters")),
)
# The workbench by what one does there; the first group is always in sight.
DESK: tuple[tuple[Any, tuple[Entry, ...]], ...] = (
    (
        _("Work"),
        (
            ("home", "desk:home", "home", _("Start")),
            ("inbox", "desk:inbox", "inbox", _("Inbox")),
            ("whistles", "whistles:show", "volume", _("Whistles")),
            ("take_down", "desk:take_down", "phone", _("Take down")),
            ("calls", "desk:calls", "message-question", _("Call-backs")),
            ("board", "desk:board", "list", _("Board")),
            ("map", "desk:map", "map", _("Map")),
            ("search", "desk:search", "search", _("Search")),
            ("calendar", "papers:calendar", "calendar", _("Calendar")),
            ("letters", "desk:letters", "mail", _("E-mail put aside")),
        ),
    ),
    (
        _("Oversight"),
        (
            ("supervision", "desk:supervision", "eye", _("Supervision")),
            ("account", "desk:account", "hourglass", _("Public account")),
            ("exclusions", "desk:exclusions", "note-off", _("Left out of the rates")),
            ("audit", "desk:audit", "history", _("Records")),
            ("topics", "topics:show", "flame", _("Hot topics")),
            ("monthly", "topics:months", "calendar", _("Topics of the month")),
        ),
    ),
    (
        _("Data"),
        (
            ("figures", "desk:figures", "chart-bar", _("Figures")),
            ("rates", "desk:rates", "star", _("Three rates")),
            ("monthly_report", "papers:monthly", "file-text", _("Monthly report")),
            ("open_data", "opendata_desk:show", "download", _("Open data")),
        ),
    ),
    (
        _("Set up"),
        (
            ("replies", "desk:replies", "message-circle", _("Standard replies")),
            ("suggestions", "desk:suggestions", "bulb", _("Suggestions")),
            ("people", "desk:people", "users", _("People")),
            ("organisations", "desk:organisations", "building", _("Organisations")),
            ("deliveries", "desk:deliveries", "send", _("Deliveries")),
            ("webhooks", "desk:webhooks", "link", _("Webhooks")),
            ("endpoints", "desk:endpoints", "external-link", _("Other cities")),
            ("mailboxes", "desk:mailboxes", "mail", _("Mailboxes")),
        ),
    ),
)
# What a page of the workbench needs; the others are open to all staff.
POWERS = {
    "open_data": "release_data",
    "suggestions": "choose_models",
    "people": "administer_people",
    "organisations": "administer_organisations",
    "audit": "read_audit",
    "deliveries": "administer_webhooks",
    "webhooks": "administer_webhooks",
    "endpoints": "administer_webhooks",
    "mailboxes": "administer_webhooks",
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
        "desk_nav": list(_groups(person, community, staff)) if community else [],
        "unread_notices": SimpleLazyObject(lambda: unread_count(person)) if person else 0,
    }


def _groups(person: Person | None, community: Community, staff: bool) -> Iterator[dict[str, Any]]:
    """Return what a person may open of the workbench, by group; empty groups are left out."""
    if person is None:
        return
    starts = {start.name for start in available_starts("casework", community, person)}
    for label, entries in DESK:
        open_to = [one for one in entries if _is_open(one[0], person, community, staff, starts)]
        if shown := list(_entries(open_to)):
            yield {"label": label, "entries": shown, "names": [one["name"] for one in shown]}


def _is_open(
    name: str, person: Person, community: Community, staff: bool, starts: set[str]
) -> bool:
    """A page that would be refused is not offered."""
    if name in POWERS:
        return can(person, POWERS[name], community)
    if name == "calls":
        return is_caller(person, community)
    if name == "topics":
        return sees_topics(person, community)
    if name == "letters":
        return may_look(person, community)
    if name == "supervision":
        return any("supervisor" in post.roles for post in posts_in(person, community))
    return staff and (name != "take_down" or name in starts)


def large_type_of(request: HttpRequest) -> bool:
    """Whether the reader wants large type: by the person's setting, else this browser's."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return bool(user.large_type)
    return request.COOKIES.get(LARGE_TYPE_COOKIE) == "1"


def _entries(declared: Iterable[Entry]) -> Iterable[dict[str, Any]]:
    """Doors that are not built are not shown."""
    for name, view, icon, label in declared:
        try:
            yield {"name": name, "url": reverse(view), "icon": icon, "label": label}
        except NoReverseMatch:
            continue
