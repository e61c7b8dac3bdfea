"""Which group of tonight is which group of yesterday: by the members they have in common.

>>> continued([{1, 2, 3}, {7, 8}], {10: {2, 3, 4}, 11: {8, 9, 5}})
{0: 10, 1: 11}
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping, Sequence

LEAST = 0.5  # of the smaller of the two must be common


def continued(
    groups: Sequence[Collection[Hashable]], kept: Mapping[int, Collection[Hashable]]
) -> dict[int, int]:
    """Return the kept group that each new one continues, by its place; others are new.

    Two belong together where they share at least half of the smaller. Each is used once: what
    shares most goes first, then what was kept first. Deterministic.
    """
    holders: dict[Hashable, list[int]] = defaultdict(list)
    for name, members in kept.items():
        for member in members:
            holders[member].append(name)
    shared = Counter(
        (number, name)
        for number, members in enumerate(groups)
        for member in members
        for name in holders.get(member, ())
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for (number, name), common in sorted(shared.items(), key=lambda one: (-one[1], one[0][::-1])):
        smaller = min(len(groups[number]), len(kept[name]))
        if number not in found and name not in taken and common >= LEAST * smaller:
            found[number] = name
            taken.add(name)
    return found
