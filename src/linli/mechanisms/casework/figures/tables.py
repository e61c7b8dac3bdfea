"""A table of figures: what its numbers are, and which events each opens to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Unit = Literal["count", "per_cent", "minutes", "text"]
# By which name an address asks for a row: what a row is of, and its key.
NARROWS: dict[str, str] = {
    "unit": "unit", "area": "area", "category": "category", "group": "category",
}  # fmt: skip

ROWS = {"unit": _("Unit"), "area": _("Grid"), "category": _("Category"), "group": _("Category")}


@dataclass(frozen=True)
class Opens:
    """What a number counts: the events of some figures, of some days, narrowed further.

    ``without``: those left out of the rates on record are not among them.
    """

    figures: tuple[str, ...]
    since: date
    until: date
    narrowed: Mapping[str, str] = field(default_factory=dict)
    without: bool = False


@dataclass(frozen=True)
class Column:
    """A column: what people call it, and what its numbers are."""

    label: Any
    unit: Unit = "count"


@dataclass(frozen=True)
class Cell:
    """A number, None where there is nothing to tell; counts say what they open to."""

    value: float | int | str | None
    opens: Opens | None = None


@dataclass(frozen=True)
class Line:
    """A row; ``key`` is how an address names what it is of, "" for all together."""

    label: Any
    cells: list[Cell]
    key: str = ""


@dataclass(frozen=True)
class Table:
    """Figures as rows and columns; ``of`` is what the rows are."""

    name: str
    title: Any
    of: Any
    columns: list[Column]
    lines: list[Line]
    note: Any = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was counted."""
        return not any(cell.value for line in self.lines for cell in line.cells)

    def header(self) -> list[str]:
        """Return the column heads as text, the rows' own first."""
        return [str(self.of), *(str(column.label) for column in self.columns)]

    def rows(self) -> list[list[Any]]:
        """Return the rows as values, their label first; nothing where there is nothing to tell."""
        return [
            [str(line.label), *("" if cell.value is None else cell.value for cell in line.cells)]
            for line in self.lines
        ]


def narrowing(by: str, key: str) -> dict[str, str]:
    """Return what narrows an address to a row of a kind; nothing for all together."""
    return {NARROWS[by]: key} if key else {}
