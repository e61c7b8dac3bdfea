"""The supervisor's figures: rates, times, flow, funnel, density, trend, each as a table.

Every table is read from kept roll-ups alone; every number names what it opens to. Pages, files
for spreadsheets and the API show the same tables.
"""

from linli.mechanisms.casework.figures.counted import every_indicator
from linli.mechanisms.casework.figures.density import density
from linli.mechanisms.casework.figures.flow import MEASURES, by_months, flow, trend
from linli.mechanisms.casework.figures.named import TABLES, Question, TableName
from linli.mechanisms.casework.figures.rated import compared, league_table, rates_table
from linli.mechanisms.casework.figures.steps import funnel
from linli.mechanisms.casework.figures.tables import Cell, Column, Line, Opens, Table
from linli.mechanisms.casework.figures.times import times

__all__ = [
    "MEASURES",
    "TABLES",
    "Cell",
    "Column",
    "Line",
    "Opens",
    "Question",
    "Table",
    "TableName",
    "by_months",
    "compared",
    "density",
    "every_indicator",
    "flow",
    "funnel",
    "league_table",
    "rates_table",
    "times",
    "trend",
]
