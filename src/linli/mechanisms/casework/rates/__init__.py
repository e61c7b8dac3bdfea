"""The three rates (三率): answered in time, solved, satisfied; by unit, grid, category and period.

北京市接诉即办工作条例 (2021). The counts are kept from events; what was left out of the rates on
record is taken out when they are read, so that each rate is shown with and without it.
"""

from linli.mechanisms.casework.rates.league import Place, ranked
from linli.mechanisms.casework.rates.periods import Period, period_of
from linli.mechanisms.casework.rates.reading import Row, evidence_of, rates_by
from linli.mechanisms.casework.rates.shares import Rate, Share, three_rates

__all__ = [
    "Period",
    "Place",
    "Rate",
    "Row",
    "Share",
    "evidence_of",
    "period_of",
    "ranked",
    "rates_by",
    "three_rates",
]
