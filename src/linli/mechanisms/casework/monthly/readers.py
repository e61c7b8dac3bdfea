"""Who reads which report: whoever watches the desk all of them, others those of their units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linli.kernel.matters.visibility import scope_of
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import pack_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person


def reads_whole(person: Person, community: Community) -> bool:
    """Whether a person reads the report of the whole community, as supervisors and secretary do.

    These are the posts that see all below them, the desk among it.
    """
    scope = scope_of(person, community)
    if scope.whole or not scope.trees:
        return scope.whole
    code = pack_of(community).casework.desk
    desk = Organisation.objects.filter(community=community, code=code).first()
    return desk is not None and any(desk.path.startswith(tree) for tree in scope.trees)


def units_read_by(person: Person, community: Community) -> QuerySet[Organisation]:
    """Return the units whose reports a person reads, as the tree lies; dissolved ones too."""
    rows = Organisation.objects.filter(community=community).order_by("path")
    scope = scope_of(person, community)
    return rows if scope.whole else rows.filter(pk__in=scope.organisations)
