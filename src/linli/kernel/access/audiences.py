"""Which audiences a person belongs to, by the relations in which they stand to a matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linli.kernel.matters.models import Audience

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linli.kernel.packs.schema import PackContent

WORKING = frozenset({"responsible", "desk", "above", "area"})


def audiences_of(relations: Iterable[str], pack: PackContent) -> frozenset[Audience]:
    """Return the audiences of someone who stands in these relations to a matter.

    A reporter is a party. Staff are those with a staff role in an organisation that works on
    the matter or stands above it; a post elsewhere in the community shows no more than the
    public sees.
    """
    found = {Audience.PUBLIC}
    for relation in relations:
        anchor, _, role = relation.partition(".")
        if anchor == "system":
            return frozenset(Audience)
        if anchor == "reporter":
            found.add(Audience.PARTIES)
        elif anchor == "named":
            found |= {Audience.PARTIES, Audience.NAMED}
        elif anchor in WORKING and role in pack.roles and pack.roles[role].staff:
            found |= {Audience.PARTIES, Audience.STAFF}
    return frozenset(found)
