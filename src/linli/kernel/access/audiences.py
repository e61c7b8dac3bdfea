"""Which audiences a person belongs to, by the relations in which they stand to a matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linli.kernel.matters.models import Audience

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linli.kernel.packs.schema import PackContent

# How far a role must see before a post in that position counts.
_SEES = {
    "responsible": ("own", "subtree", "community"),
    "desk": ("own", "subtree", "community"),
    "area": ("own", "subtree", "community"),
    "above": ("subtree", "community"),
    "community": ("community",),
}


def audiences_of(relations: Iterable[str], pack: PackContent) -> frozenset[Audience]:
    """Return the audiences of someone who stands in these relations to a matter.

    A reporter is a party. Staff are those with a staff role in an organisation that works on
    the matter, or above it where the role sees its subtree, or anywhere where the role sees the
    whole community; any other post shows no more than the public sees. `matters.visibility`
    says the same as a query.
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
        elif _counts(anchor, role, pack):
            found |= {Audience.PARTIES, Audience.STAFF}
    return frozenset(found)


def _counts(anchor: str, role: str, pack: PackContent) -> bool:
    setting = pack.roles.get(role)
    return setting is not None and setting.staff and setting.sees in _SEES.get(anchor, ())
