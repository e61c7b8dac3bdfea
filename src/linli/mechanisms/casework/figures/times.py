"""How long answers and solutions took, in working time: the middle, and what nine in ten keep to.

Quantiles of kept counts by band, each within 4.8 % of the exact one (`engines.quantiles`).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from linli.engines.quantiles import quantile
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
from linli.mechanisms.casework.indicators import reply_time, solve_time
from linli.mechanisms.casework.rates.reading import AXES, things_by

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linli.kernel.indicators.reading import Slice
    from linli.mechanisms.casework.rates.reading import By

MEASURED = (reply_time, solve_time)
Counts = dict[Any, Counter[str]]  # by key of the axis, then by the name of the band


def times(asked: Slice, by: By) -> Table:
    """Return median and 90th percentile of both times, of all together and of each row."""
    counts: Counts = {}
    kept = [name for one in MEASURED for name in one.kept]
    for (key, name, _step), value in sums(asked, kept, AXES[by]).items():
        counts.setdefault(key, Counter())[name] += value
    lines = [Line(_("All together"), _cells(asked, {}, counts.values()))]
    for key, label, within in things_by(asked, by, set(counts)):
        cells = _cells(asked, narrowing(by, key), [counts[one] for one in within & set(counts)])
        lines.append(Line(label, cells, key))
    return Table(
        "times",
        _("Time until answered and done"),
        ROWS[by],
        [
            Column(_("Answers")),
            Column(_("Half answered within"), "minutes"),
            Column(_("Nine in ten answered within"), "minutes"),
            Column(_("Reported as done")),
            Column(_("Half done within"), "minutes"),
            Column(_("Nine in ten done within"), "minutes"),
        ],
        lines,
        _("Working time since the report; each is right to within one twentieth."),
    )


def _cells(asked: Slice, own: dict[str, str], counts: Iterable[Counter[str]]) -> list[Cell]:
    together: Counter[str] = Counter()
    for one in counts:
        together.update(one)
    cells = []
    for measured in MEASURED:
        bands = {
            number: together[name] for number, name in enumerate(measured.kept) if together[name]
        }
        opens = Opens((measured.name,), asked.since, asked.until, own)
        cells += [
            Cell(sum(bands.values()), opens),
            Cell(quantile(bands, 0.5)),
            Cell(quantile(bands, 0.9)),
        ]
    return cells
