"""What becomes of reports: how many go the plain way, and how many another."""

from __future__ import annotations

# Of a hundred reports. Dealt like cards, so every hundred has all of them.
FATES = {
    "usual": 49,
    "joined": 7,  # a duplicate, where something like it is open
    "returned": 6,  # sent to the wrong unit first
    "ping_pong": 2,  # returned three times, decided by the supervisor
    "extended": 5,
    "broken": 6,  # the promised day passes
    "answered_late": 5,
    "asked": 4,
    "split": 1,  # one message, two wishes
    "not_solved": 3,
    "reopened": 2,
    "not_reached": 2,
    "on_account": 2,  # cannot be solved now
    "left_out": 1,  # of the rates, if the unit's request is granted
    "referred": 2,
    "withdrawn": 2,
    "closed": 1,
}
# Sent on for a person rather than a place: never on the public board.
UNPUBLISHED = frozenset({"staff_conduct", "dispute", "allowance", "disability", "fraud"})
# Complaints about the company itself: it never learns who complained.
ABOUT_THE_COMPANY = frozenset({"property_service", "property_fee", "guards"})


def fates() -> list[str]:
    """Return a hundred fates."""
    return [name for name, count in FATES.items() for _ in range(count)]
