"""Tables of figures as pages show them: numbers as people read them, with addresses, and charts.

A chart is data for a script; the table beside it says the same without one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linli.mechanisms.casework.figures import Cell, Line, Opens, Table
    from linli.surfaces.web.workbench.rates_asking import AskedRates

Kind = Literal["bars", "lines", "ranges"]
MOST_ROWS_DRAWN, MOST_ROWS_SHOWN = 20, 25


def shown(asked: AskedRates, table: Table, most: int = MOST_ROWS_SHOWN) -> dict[str, Any]:
    """Return a table as the template takes it: of long ones the rows with most, in their order."""
    lines = _largest(table, most)
    return {
        "name": table.name,
        "title": table.title,
        "of": table.of,
        "heads": [column.label for column in table.columns],
        "rows": mark_safe("".join(_row(asked, table, line) for line in lines)),  # noqa: S308
        "left": len(table.lines) - len(lines),
        "note": table.note,
        "is_empty": table.is_empty,
        "query": asked.query(),
    }


def _largest(table: Table, most: int) -> list[Line]:
    if len(table.lines) <= most:
        return table.lines
    first, *others = table.lines
    kept = {id(line) for line in sorted(others, key=_weight)[: most - 1]}
    return [first, *(line for line in others if id(line) in kept)]


def _weight(line: Line) -> float:
    return -sum(_drawn(cell) or 0 for cell in line.cells if cell.opens)


def _row(asked: AskedRates, table: Table, line: Line) -> str:
    """Return a row as HTML: pages have thousands of cells, and templates are slow at those."""
    cells = [f'<th scope="row">{conditional_escape(line.label)}</th>']
    for cell, column in zip(line.cells, table.columns, strict=True):
        text = str(conditional_escape(in_words(cell.value, column.unit)))
        if cell.opens and cell.value:
            address = conditional_escape(address_of(asked, cell.opens))
            text = f'<a class="number" href="{address}">{text}</a>'
        elif not cell.value:
            text = f'<span class="nought">{text}</span>'
        cells.append(f"<td>{text}</td>")
    return f"<tr>{''.join(cells)}</tr>"


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
    own = {axis: asked.values[axis] for axis in ("unit", "area", "category")} | dict(opens.narrowed)
    days = f"period=custom&day={opens.since}&until={opens.until}"
    return f"{page}?{days}{_query(tuple(own.items()))}{_query((('indicator', opens.figures),))}"


@lru_cache(maxsize=2048)
def _query(values: tuple[tuple[str, Any], ...]) -> str:
    """Return values as they follow others in an address; a row has the same in each cell."""
    given = {name: value for name, value in values if value}
    return f"&{urlencode(given, doseq=True)}" if given else ""


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
            for line in sorted(table.lines[1:], key=_weight)[:most]
        ],
    }
