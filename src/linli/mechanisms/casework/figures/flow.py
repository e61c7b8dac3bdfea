"""What comes in, is done and stays open, month by month; and beside the year before.

Received counts where a request belongs now: when it comes in, nobody has said yet what it is.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from linli.kernel.indicators.reading import stood
from linli.kernel.indicators.summing import sums
from linli.mechanisms.casework.figures.tables import (
    ROWS,
    Cell,
    Column,
    Line,
    Opens,
    Table,
    narrowing,
)
from linli.mechanisms.casework.funnel import reached, still_open
from linli.mechanisms.casework.indicators import solved_reported
from linli.mechanisms.casework.rates.reading import AXES, things_by

if TYPE_CHECKING:
    from linli.kernel.indicators.declaration import Figure
    from linli.kernel.indicators.reading import Slice
    from linli.mechanisms.casework.rates.reading import By

Measure = Literal["received", "done", "open"]
MEASURES: tuple[tuple[Measure, Any], ...] = (
    ("received", _("Received")),
    ("done", _("Reported as done")),
    ("open", _("Open at the month's end")),
)
MONTHS = 12
_FIGURES: dict[str, Figure] = {
    "received": reached[0], "done": solved_reported, "open": still_open,
}  # fmt: skip
Months = dict[Any, Counter[date]]


def months_until(until: date, many: int = MONTHS) -> list[date]:
    """Return the first days of the last months, in order, up to the one a day lies in."""
    found = [until.replace(day=1)]
    while len(found) < many:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


def flow(asked: Slice, by: By, measure: Measure) -> Table:
    """Return a measure of all and of each row, in the twelve months up to the slice's end."""
    months = months_until(asked.until)
    figure = _FIGURES[measure]
    counts = _by_month(asked, figure, by, months)
    lines = [Line(_("All together"), _cells(asked, figure, months, counts, set(counts), {}))]
    for key, label, within in things_by(asked, by, set(counts)):
        own = narrowing(by, key)
        lines.append(Line(label, _cells(asked, figure, months, counts, within, own), key))
    return Table(
        "flow",
        dict(MEASURES)[measure],
        ROWS[by],
        [Column(month_name(month)) for month in months],
        lines,
    )


def by_months(asked: Slice) -> Table:
    """Return what came in, was done and stayed open in each of the twelve months."""
    months = months_until(asked.until)
    figures = [_FIGURES[name] for name, _label in MEASURES]
    counts = [_together(_by_month(asked, figure, "unit", months)) for figure in figures]
    lines = [
        Line(
            month_name(month),
            [
                Cell(found[month], _opens(figure, month, asked.until, {}))
                for found, figure in zip(counts, figures, strict=True)
            ],
        )
        for month in months
    ]
    columns = [Column(label) for _name, label in MEASURES]
    return Table("months", _("Received, done and open"), _("Month"), columns, lines)


def _together(counts: Months) -> Counter[date]:
    found: Counter[date] = Counter()
    for one in counts.values():
        found.update(one)
    return found


def _by_month(asked: Slice, figure: Figure, by: By, months: list[date]) -> Months:
    found: Months = {}
    if figure is still_open:
        for key, values in stood(asked, still_open, AXES[by], months).items():
            found[key] = Counter(dict(zip(months, values, strict=True)))
        return found
    window = asked.within(months[0], asked.until)
    for (key, _name, month), value in sums(window, figure.kept, AXES[by], "month").items():
        if month is not None:
            found.setdefault(key, Counter())[month] += value
    return found


def _cells(
    asked: Slice, figure: Figure, months: list[date], counts: Months, within: set[Any],
    own: dict[str, str],
) -> list[Cell]:  # fmt: skip
    rows = [counts[key] for key in within if key in counts]
    return [
        Cell(sum(row[month] for row in rows), _opens(figure, month, asked.until, own))
        for month in months
    ]


def _opens(figure: Figure, month: date, until: date, own: dict[str, str]) -> Opens:
    return Opens((figure.name,), month, min(last_day_of(month), until), own)


def trend(asked: Slice) -> Table:
    """Return received and done of twelve months beside those of the year before."""
    months = months_until(asked.until, 2 * MONTHS)
    received, done = (_all_of(asked, _FIGURES[name], months) for name in ("received", "done"))
    lines = []
    for earlier, month in zip(months[:MONTHS], months[MONTHS:], strict=True):
        cells = [
            Cell(counts[one], _opens(figure, one, asked.until, {}))
            for figure, counts in ((reached[0], received), (solved_reported, done))
            for one in (month, earlier)
        ]
        lines.append(Line(month_name(month), cells))
    last_year = any(received[month] or done[month] for month in months[:MONTHS])
    return Table(
        "trend",
        _("Against the year before"),
        _("Month"),
        [
            Column(_("Received")), Column(_("Received the year before")),
            Column(_("Reported as done")), Column(_("Done the year before")),
        ],
        lines,
        "" if last_year else _("Nothing is kept of the year before: there is nothing to compare."),
    )  # fmt: skip


def _all_of(asked: Slice, figure: Figure, months: list[date]) -> Counter[date]:
    found: Counter[date] = Counter()
    window = asked.within(months[0], asked.until)
    for (_key, _name, month), value in sums(window, figure.kept, step="month").items():
        if month is not None:
            found[month] += value
    return found


def last_day_of(month: date) -> date:
    """Return the last day of the month that begins on a day."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def month_name(month: date) -> str:
    """Return how people read a month, in the active language."""
    return date_format(month, "YEAR_MONTH_FORMAT")
