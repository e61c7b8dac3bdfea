"""Tables of figures as pages show them: numbers as people read them, with addresses, and charts.

A chart is data for a script; the table beside it says the same without one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linli.mechanisms.casework.figures import Cell, Line, Opens, Table
    from linli.surfaces.web.workbench.rates_asking import AskedRates

Kind = Literal["bars", "lines", "ranges"]
MOST_ROWS_DRAWN = 20


@dataclass(frozen=True)
class ShownCell:
    """A number as people read it, and the address of what it counts."""

    text: str
    address: str
    is_nothing: bool


def shown(asked: AskedRates, table: Table) -> dict[str, Any]:
    """Return a table as the template takes it."""
    units = [column.unit for column in table.columns]
    lines = [
        {
            "label": line.label,
            "cells": [
                ShownCell(
                    in_words(cell.value, unit),
                    address_of(asked, cell.opens) if cell.opens and cell.value else "",
                    not cell.value,
                )
                for cell, unit in zip(line.cells, units, strict=True)
            ],
        }
        for line in table.lines
    ]
    return {
        "name": table.name,
        "title": table.title,
        "of": table.of,
        "heads": [column.label for column in table.columns],
        "lines": lines,
        "note": table.note,
        "is_empty": table.is_empty,
        "query": asked.query(),
    }


def in_words(value: Any, unit: str) -> str:
    """Return a number as people read it; a dash where there is nothing to tell."""
    if value is None:
        return "–"
    if unit == "minutes":
        return duration(int(value))
    if unit == "per_cent":
        return f"{number_format(value, 1)} %"
    return f"{value:g}" if isinstance(value, float) else str(value)


def duration(minutes: int) -> str:
    """Return minutes of working time as hours and minutes; from ten hours on whole hours."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(number)d min", "%(number)d min", rest) % {"number": rest}
    if hours >= 10 or not rest:
        hours += rest >= 30 and hours >= 10
        return ngettext("%(number)d h", "%(number)d h", hours) % {"number": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


def address_of(asked: AskedRates, opens: Opens) -> str:
    """Return the address of the events a number counts."""
    page = reverse("desk:rates_evidence" if opens.without else "desk:evidence")
    query = asked.query(
        indicator=list(opens.figures),
        by="", rate="", sort="", measure="",
        period="custom", day=opens.since.isoformat(), until=opens.until.isoformat(),
        **opens.narrowed,
    )  # fmt: skip
    return f"{page}?{query}"


def chart(
    table: Table,
    kind: Kind,
    columns: Sequence[int],
    *,
    across: bool = False,
    skip: int = 0,
    stacked: bool = False,
) -> dict[str, Any]:
    """Return what a script draws of some columns; ``across``: rows are bars from left to right.

    ``skip``: how many rows at the top are not drawn, as that of all together.
    """
    lines = table.lines[skip : skip + MOST_ROWS_DRAWN]
    return {
        "kind": kind,
        "across": across,
        "stacked": stacked,
        "unit": table.columns[columns[0]].unit,
        "labels": [str(line.label) for line in lines],
        "series": [
            {
                "name": str(table.columns[number].label),
                "values": [_drawn(line.cells[number]) for line in lines],
                "texts": [
                    in_words(line.cells[number].value, table.columns[number].unit) for line in lines
                ],
            }
            for number in columns
        ],
    }


def drawn(kind: Kind, labels: list[str], series: list[tuple[str, list[Any]]]) -> dict[str, Any]:
    """Return rates as a script draws them, rows from left to right, the first rows alone."""
    return {
        "kind": kind,
        "across": True,
        "stacked": False,
        "unit": "per_cent",
        "labels": labels[:MOST_ROWS_DRAWN],
        "series": [
            {
                "name": name,
                "values": values[:MOST_ROWS_DRAWN],
                "texts": [in_words(value, "per_cent") for value in values[:MOST_ROWS_DRAWN]],
            }
            for name, values in series
        ],
    }


def _drawn(cell: Cell) -> float | None:
    return cell.value if isinstance(cell.value, int | float) else None


def turned(table: Table, kind: Kind, *, most: int = 4, stacked: bool = False) -> dict[str, Any]:
    """Return what a script draws where columns are months: the largest rows as series."""

    def weight(line: Line) -> float:
        return -sum(_drawn(cell) or 0 for cell in line.cells)

    return {
        "kind": kind,
        "across": False,
        "stacked": stacked,
        "unit": "count",
        "labels": [str(column.label) for column in table.columns],
        "series": [
            {
                "name": str(line.label),
                "values": [_drawn(cell) for cell in line.cells],
                "texts": [in_words(cell.value, "count") for cell in line.cells],
            }
            for line in sorted(table.lines[1:], key=weight)[:most]
        ],
    }
