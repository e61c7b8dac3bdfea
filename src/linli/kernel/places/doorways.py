"""Codes for doorways: short enough to read out, printed in the QR code beside the door.

Seven random characters and one that checks them: 27 thousand million codes, so that codes cannot
be counted through. The check is a sum weighted modulo the prime 31, which finds every single
wrong character and every two that changed places.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from linli.kernel.places.models import Address

if TYPE_CHECKING:
    from collections.abc import Callable

    from linli.kernel.organisations.models import Community

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O, 1 I L
RANDOM = 7
BATCH = 500


def new_doorway_code(choose: Callable[[str], str] = secrets.choice) -> str:
    """Return a new code of eight characters; ``choose`` draws each, unpredictably unless told."""
    drawn = "".join(choose(ALPHABET) for _ in range(RANDOM))
    return drawn + _check(drawn)


def clean_doorway_code(typed: str) -> str:
    """Return a code as it is stored, from one that was typed: capitals, no spaces or dashes."""
    return "".join(typed.split()).replace("-", "").upper()


def is_sound(code: str) -> bool:
    """Whether a code of our own making was typed without a slip."""
    return (
        len(code) == RANDOM + 1
        and all(character in ALPHABET for character in code)
        and _check(code[:RANDOM]) == code[-1]
    )


def _check(drawn: str) -> str:
    total = sum(
        weight * ALPHABET.index(character) for weight, character in enumerate(drawn, start=2)
    )
    # The check itself has weight 1: the whole sum becomes 0 modulo 31.
    return ALPHABET[-total % len(ALPHABET)]


def give_doorway_codes(community: Community) -> int:
    """Give every address without a code one, and return how many were given."""
    given = 0
    rows = Address.objects.filter(community=community, doorway_code__isnull=True).order_by("pk")
    while batch := list(rows[:BATCH]):
        for address in batch:
            address.doorway_code = new_doorway_code()
        Address.objects.bulk_update(batch, ["doorway_code"])
        given += len(batch)
    return given
