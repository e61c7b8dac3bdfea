"""Who reads a notice, and what it may therefore say and lead to. Read for many at once."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from linli.kernel.access.links import token_of
from linli.kernel.access.models import AccessLink
from linli.kernel.matters.models import Participant
from linli.kernel.organisations.models import Membership
from linli.kernel.packs.loading import content_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linli.kernel.matters.models import Matter
    from linli.kernel.notify.models import Notice
    from linli.kernel.people.models import Person


def addressed(notice: Notice) -> tuple[Person, Matter]:
    """Return whom a notice tells of which matter. Raises ValueError for one to a machine."""
    if notice.person is None or notice.matter is None:
        raise ValueError(f"notice {notice.uuid} is not to a person about a matter")
    return notice.person, notice.matter


class Reader(Enum):
    """As what a person is told of a matter."""

    REPORTER = "reporter"  # whose own words it is
    CO_REPORTER = "co_reporter"  # reported the same: reads no words of the other
    STAFF = "staff"
    OTHER = "other"


class Readers:
    """How the recipients of a batch of notices stand to their matters, in at most three queries.

    Each notice must have its person, and its matter with pack, loaded.
    """

    def __init__(self, notices: Sequence[Notice]) -> None:
        told = [notice for notice in notices if notice.person_id and notice.matter_id]
        people = {notice.person_id for notice in told}
        matters = {notice.matter_id for notice in told}
        self._reported = set(
            Participant.objects.filter(
                matter__in=matters,
                person__in=people,
                role__in=(Participant.Role.REPORTER, Participant.Role.CO_REPORTER),
            ).values_list("matter_id", "person_id")
        )
        self._roles: dict[tuple[int, int], set[str]] = {}
        posts = Membership.objects.current().filter(person__in=people)
        for person, community, role in posts.values_list("person_id", "community_id", "role"):
            self._roles.setdefault((person, community), set()).add(role)
        guests = {n.person_id for n in told if n.person is not None and n.person.is_guest}
        self._links: dict[tuple[int, int], AccessLink] = {}
        if guests:
            valid = Q(matter__in=matters, person__in=guests, revoked_at__isnull=True)
            for link in AccessLink.objects.filter(valid).order_by("pk"):
                self._links[link.matter_id, link.person_id] = link

    def of(self, notice: Notice) -> Reader:
        """Return as what the person of a notice reads it."""
        person, matter = addressed(notice)
        if matter.reporter_id == person.pk:
            return Reader.REPORTER
        if (matter.pk, person.pk) in self._reported:
            return Reader.CO_REPORTER
        pack = content_of(matter.pack)
        held = self._roles.get((person.pk, matter.community_id), set())
        within = {one for role in held for one in pack.roles_within(role)}
        staff = any(pack.roles[role].staff for role in within)
        return Reader.STAFF if staff else Reader.OTHER

    def link(self, notice: Notice) -> str:
        """Return the address, without the host, of the page where the person reads on.

        A guest's secret link, the reporter's own page, the workbench, or the public board. A
        mechanism names its pages ``tracking``, ``my_matter`` and ``board_matter``; a notice may
        name another page of the secret link (``page`` in its context).
        """
        (person, matter), reader = addressed(notice), self.of(notice)
        pages, number = matter.procedure, {"number": matter.number}
        link = self._links.get((matter.pk, person.pk))
        if link is not None:
            page = notice.context.get("page") or "tracking"
            return _address(f"{pages}:{page}", token=token_of(link))
        if reader is Reader.STAFF:
            return _address("desk:matter", **number)
        if reader is Reader.OTHER:
            return _address(f"{pages}:board_matter", **number)
        return _address(f"{pages}:my_matter", **number)


def _address(name: str, **values: str) -> str:
    try:
        return reverse(name, kwargs=values)
    except NoReverseMatch:  # the page is not built: the first page is
        return "/"


def absolute(address: str) -> str:
    """Return an address of the site with scheme and host."""
    return settings.SITE_URL.rstrip("/") + address
