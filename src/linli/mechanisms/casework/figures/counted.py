"""Every indicator of every mechanism by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from linli.kernel.indicators.declaration import registry
from linli.kernel.indicators.reading import by_month
from linli.mechanisms.casework.figures.flow import last_day_of, month_name, months_until
from linli.mechanisms.casework.figures.tables import Cell, Column, Line, Opens, Table

if TYPE_CHECKING:
    from linli.kernel.indicators.reading import Slice


def every_indicator(asked: Slice) -> Table:
    """Return each indicator in the twelve months up to the slice's end, and together."""
    months = months_until(asked.until)
    window = asked.within(months[0], asked.until)
    counts = by_month(window, registry.values())
    lines = []
    for one in registry.values():
        cells = [
            Cell(
                counts[one.name][month],
                Opens((one.name,), month, min(last_day_of(month), asked.until)),
            )
            for month in months
        ]
        whole = Opens((one.name,), months[0], asked.until)
        lines.append(Line(one.label, [*cells, Cell(counts[one.name].total(), whole)]))
    columns = [*(Column(month_name(month)) for month in months), Column(_("All twelve months"))]
    return Table("all", _("Every figure by month"), _("Figure"), columns, lines)
