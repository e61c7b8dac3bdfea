"""The monthly report (月报) of a community or of a unit, composed from figures and records alone.

Every number comes from the kept figures or the lists they open to (`figures`); the sentences say
the numbers and nothing else (`sentences`); the pack puts them in order (`paper`).
"""

from linli.mechanisms.casework.monthly.figures import FIGURES, Report, report_of
from linli.mechanisms.casework.monthly.months import Month, month_of, months_offered
from linli.mechanisms.casework.monthly.paper import KIND, paper_of

__all__ = [
    "FIGURES",
    "KIND",
    "Month",
    "Report",
    "month_of",
    "months_offered",
    "paper_of",
    "report_of",
]
