"""Whom a whistle may call, and who may whistle in whose name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from linli.kernel.access.relations import posts_in
from linli.kernel.organisations.models import Membership, Organisation
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.errors import InvalidFacts
from linli.mechanisms.whistle.models import Case

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

CLOCK = "report_in"
TITLE_LENGTH = 40


def whistling_organisation(person: Person, community: Community) -> Organisation:
    """Return in whose name a person whistles: as secretary of a community before a supervisor.

    The person must hold one of the two posts.
    """
    held = posts_in(person, community)
    for role in ("secretary", "supervisor"):
        posts = [post for post in held if role in post.roles]
        if posts:
            highest = min(posts, key=lambda post: (len(post.path), post.path))
            return Organisation.objects.get(pk=highest.organisation_id)
    raise LookupError("holds neither post")


def callable_departments(community: Community) -> QuerySet[Organisation]:
    """Return the organisations where somebody could report in, in the order of the tree."""
    roles = pack_of(community).roles_including("handler")
    staffed = Membership.objects.current().filter(community=community, role__in=roles)
    rows = Organisation.objects.standing().filter(community=community)
    return rows.filter(pk__in=staffed.values("organisation")).order_by("path")


def check_departments(
    departments: Iterable[Organisation], whistler: Organisation, called: Iterable[int] = ()
) -> None:
    """Raise InvalidFacts for the whistler itself, for whom nobody answers, or who was called."""
    chosen, already = list(departments), set(called)
    names = {row.pk: row.name for row in chosen}
    if whistler.pk in names:
        raise InvalidFacts({"departments": [_("You cannot call your own organisation.")]})
    if again := [names[key] for key in names if key in already]:
        raise InvalidFacts(
            {"departments": [_("Already called: %(names)s.") % {"names": ", ".join(again)}]}
        )
    staffed = callable_departments(whistler.community).filter(pk__in=names)
    answering = set(staffed.values_list("pk", flat=True))
    if silent := [name for key, name in names.items() if key not in answering]:
        sentence = _("Nobody there could report in: %(names)s.") % {"names": ", ".join(silent)}
        raise InvalidFacts({"departments": [sentence]})


def title_of(text: str) -> str:
    """Return the first line of what is to be done, shortened, as its title."""
    first = text.strip().splitlines()[0]
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"


def public_title_of(case: str, where: str) -> str:
    """Return a title that says the case and the grid alone, in the installation's language."""
    with override(settings.LANGUAGE_CODE):
        label = _("Whistle, %(case)s") % {"case": str(Case(case).label).lower()}
    return f"{label} · {where}" if where else label
