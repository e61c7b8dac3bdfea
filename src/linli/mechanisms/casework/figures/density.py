"""Where the requests of some days lie: how many in each grid, and for how many residents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from linli.kernel.indicators.summing import sums
from linli.mechanisms.casework.figures.tables import Cell, Column, Line, Opens, Table
from linli.mechanisms.casework.funnel import reached
from linli.mechanisms.casework.rates.reading import things_by

if TYPE_CHECKING:
    from linli.kernel.indicators.reading import Slice


@dataclass(frozen=True)
class Density:
    """The table, and how many lie in each area, by its code as maps name it."""

    table: Table
    by_code: dict[str, int]


def density(asked: Slice) -> Density:
    """Return how many requests received in a slice lie in each area, with its parts."""
    figure = reached[0]
    counts: Counter[Any] = Counter()
    for (key, _name, _step), value in sums(asked, figure.kept, "area").items():
        counts[key] += value
    columns = ("uuid", "code", "population")
    areas = {str(row[0]): row[1:] for row in asked.community.areas.values_list(*columns)}
    lines, by_code = [], {}
    for key, label, within in things_by(asked, "area", set(counts)):
        count = sum(counts[one] for one in within)
        code, residents = areas[key]
        by_code[code] = count
        opens = Opens((figure.name,), asked.since, asked.until, {"area": key})
        each = round(1000 * count / residents, 1) if residents else None
        lines.append(Line(label, [Cell(count, opens), Cell(each)], key))
    table = Table(
        "density",
        _("Where requests lie"),
        _("Grid"),
        [Column(_("Received")), Column(_("For each 1000 residents"))],
        sorted(lines, key=lambda line: -float(line.cells[0].value or 0)),
    )
    return Density(table, by_code)
