"""The columns of a release: their names never change, what they mean is told in each language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Field:
    """One column; ``kind`` is its type in Frictionless Table Schema."""

    name: str
    title: Any
    told: Any
    kind: str = "string"
    values: tuple[str, ...] = ()


BANDS = ("0", "1", "2..3", "4..7", "8..15", "16..30", "31..")
STATES = ("open", "on_account", "closed")
FIELDS = (
    Field("place_level", _("Kind of place"), _("How fine the place is told; empty: withheld.")),
    Field("place", _("Place"), _("Code of the area; empty: withheld, only the whole is known.")),
    Field("place_name", _("Name of the place"), _("Its name when the release was made.")),
    Field(
        "time_level",
        _("Kind of time"),
        _("How fine the day of the report is told."),
        values=("day", "week", "month", "quarter", "year"),
    ),
    Field(
        "time",
        _("Time"),
        _("The day, the first and last day of the week, the month or the quarter."),
    ),
    Field(
        "category_level",
        _("Kind of category"),
        _("How fine the category is told; empty: withheld."),
        values=("category", "group"),
    ),
    Field("category", _("Category"), _("Code of the category or its group; empty: withheld.")),
    Field("category_name", _("Name of the category"), _("Its name when the release was made.")),
    Field(
        "answered_in_time",
        _("Answered in time"),
        _("Whether the first answer came within its deadline; empty: it had none yet."),
        "boolean",
    ),
    Field(
        "days_to_answer",
        _("Days to the first answer"),
        _("Calendar days, in bands: 2..3 is two or three, 31.. is 31 or more."),
        values=BANDS,
    ),
    Field(
        "state",
        _("State"),
        _("Open, on the public account of what cannot be solved now, or closed."),
        values=STATES,
    ),
    Field(
        "days_to_solve",
        _("Days until it was reported as done"),
        _("Calendar days in the same bands; empty: not done when the release was made."),
        values=BANDS,
    ),
)
NAMES = tuple(field.name for field in FIELDS)
CLASS = (NAMES.index("place"), NAMES.index("time"), NAMES.index("category"))
LEVELS = {one: NAMES.index(f"{one}_level") for one in ("place", "time", "category")}
OUTCOMES = NAMES.index("answered_in_time")  # from here on, what a correction may change


def band(days: int | None) -> str:
    """Return the band in which a number of days lies; "" for none."""
    if days is None:
        return ""
    for name in BANDS[:-1]:
        if max(days, 0) <= int(name.rpartition("..")[2]):
            return name
    return BANDS[-1]
