"""The three rates as tables: beside the year before, by what is asked for, and ranked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.figures.tables import Cell, Column, Line, Opens, Table, narrowing
from linli.mechanisms.casework.rates.league import ranked
from linli.mechanisms.casework.rates.reading import rates_by
from linli.mechanisms.casework.rates.shares import three_rates

if TYPE_CHECKING:
    from linli.kernel.indicators.reading import Slice
    from linli.mechanisms.casework.rates.league import Place
    from linli.mechanisms.casework.rates.reading import By, Row
    from linli.mechanisms.casework.rates.shares import Share


@dataclass(frozen=True)
class Compared:
    """A rate of some days and of the same days of the year before."""

    now: Share
    before: Share

    @property
    def change(self) -> float | None:
        """In percentage points; None where either has nothing to share."""
        if self.now.per_cent is None or self.before.per_cent is None:
            return None
        return round(self.now.per_cent - self.before.per_cent, 1)


def compared(asked: Slice) -> list[Compared]:
    """Return the three rates beside the year before, less what was left out on record."""
    now, before = (rates_by(one, "unit")[0] for one in (asked, year_before(asked)))
    return [Compared(*pair) for pair in zip(now.shares, before.shares, strict=True)]


def year_before(asked: Slice) -> Slice:
    """Return the same part of the same days a year sooner."""
    return asked.within(_year_sooner(asked.since), _year_sooner(asked.until))


def _year_sooner(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def rates_table(asked: Slice, by: By, of: Any) -> Table:
    """Return part, whole and per cent of each rate, of all together and of each row."""
    columns = []
    for rate in three_rates(pack_of(asked.community)):
        columns += [Column(rate.label, "per_cent"), Column(_("counted")), Column(_("of"))]
    lines = [
        Line(
            row.name or _("All together"),
            [cell for share in row.shares for cell in _share(asked, share, by, row.key)],
            row.key,
        )
        for row in rates_by(asked, by)
    ]
    return Table("rates", _("Rates by row"), of, columns, lines)


def league_table(asked: Slice, by: By, rate: str, sort: str, of: Any) -> Table:
    """Return the rows ranked by what their rate is at least."""
    few = pack_of(asked.community).casework.call_back.few_answers
    places = ranked(rates_by(asked, by), rate, few, sort)
    columns = [
        Column(_("Rank")),
        Column(_("Per cent"), "per_cent"),
        Column(_("counted")),
        Column(_("of")),
        Column(_("At least"), "per_cent"),
        Column(_("At most"), "per_cent"),
    ]
    lines = [Line(place.row.name, _placed(asked, place, by), place.row.key) for place in places]
    return Table("league", _("League table"), of, columns, lines)


def _placed(asked: Slice, place: Place, by: By) -> list[Cell]:
    ends = (place.interval.low, place.interval.high)
    return [
        Cell(place.rank),
        *_share(asked, place.share, by, place.row.key),
        *(Cell(round(100 * end, 1)) for end in ends),
    ]


def _share(asked: Slice, share: Share, by: By, key: str) -> list[Cell]:
    def opens(figures: tuple[str, ...]) -> Opens:
        return Opens(figures, asked.since, asked.until, narrowing(by, key), without=True)

    return [
        Cell(share.per_cent),
        Cell(share.part, opens(share.rate.counted)),
        Cell(share.whole, opens(share.rate.whole)),
    ]


__all__ = ["Compared", "Row", "compared", "league_table", "rates_table", "year_before"]
