"""The tables by name, as files and the API offer them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from linli.mechanisms.casework.figures.counted import every_indicator
from linli.mechanisms.casework.figures.density import density
from linli.mechanisms.casework.figures.flow import by_months, flow, trend
from linli.mechanisms.casework.figures.rated import league_table, rates_table
from linli.mechanisms.casework.figures.steps import funnel
from linli.mechanisms.casework.figures.tables import ROWS
from linli.mechanisms.casework.figures.times import times

if TYPE_CHECKING:
    from linli.kernel.indicators.reading import Slice
    from linli.mechanisms.casework.figures.flow import Measure
    from linli.mechanisms.casework.figures.tables import Table
    from linli.mechanisms.casework.rates.reading import By

TableName = Literal[
    "all", "density", "flow-area", "flow-group", "funnel", "league", "months", "rates",
    "times-group", "times-unit", "trend",
]  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What is asked of the tables: a slice, and what only some of them take."""

    slice: Slice
    by: By = "unit"
    measure: Measure = "received"
    rate: str = "solved"
    sort: str = "low"


TABLES: dict[TableName, Callable[[Question], Table]] = {
    "all": lambda asked: every_indicator(asked.slice),
    "density": lambda asked: density(asked.slice).table,
    "flow-area": lambda asked: flow(asked.slice, "area", asked.measure),
    "flow-group": lambda asked: flow(asked.slice, "group", asked.measure),
    "funnel": lambda asked: funnel(asked.slice),
    "league": lambda asked: league_table(
        asked.slice, asked.by, asked.rate, asked.sort, ROWS[asked.by]
    ),
    "months": lambda asked: by_months(asked.slice),
    "rates": lambda asked: rates_table(asked.slice, asked.by, ROWS[asked.by]),
    "times-group": lambda asked: times(asked.slice, "group"),
    "times-unit": lambda asked: times(asked.slice, "unit"),
    "trend": lambda asked: trend(asked.slice),
}
