"""Codes of grid cells by the national standard.

GB/T 30428.1 (单元网格编码): fourteen digits: district 6 (GB/T 2260), street 3, community 3, cell 2.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

# The first two digits of GB/T 2260: provinces, regions, municipalities.
PROVINCES = frozenset(
    [
        *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"),
        *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64"),
        *("65", "71", "81", "82"),
    ]
)


class BadGridCode(ValueError):
    """The code is none of the standard; its text is a plain sentence."""


@dataclass(frozen=True)
class GridCode:
    """The four parts of a cell's code, as digits."""

    district: str
    street: str
    community: str
    cell: str

    def __str__(self) -> str:
        return self.district + self.street + self.community + self.cell


def read_grid_code(code: str) -> GridCode:
    """Return the parts of a cell's code. Raises BadGridCode."""
    if len(code) != 14 or not (code.isascii() and code.isdigit()):
        raise BadGridCode(
            _("A grid code has 14 digits: district 6, street 3, community 3, cell 2.")
        )
    if code[:2] not in PROVINCES:
        raise BadGridCode(_("No province has the number %(digits)s.") % {"digits": code[:2]})
    parts = GridCode(code[:6], code[6:9], code[9:12], code[12:])
    if "000" in (parts.street, parts.community) or parts.cell == "00":
        raise BadGridCode(_("Street, community and cell are counted from 1."))
    return parts
