"""Deadlines in working time.

A `WorkCalendar` knows a community's zone, office hours and workdays, and answers three
questions: when is a deadline, how much working time lies between two instants, and when
is the deadline of a clock that was paused.

>>> from datetime import UTC, datetime
>>> calendar = WorkCalendar("Asia/Shanghai")
>>> calendar.add(datetime(2025, 9, 30, 9, tzinfo=UTC), hours=2).isoformat()
'2025-10-09T02:00:00+00:00'
"""

from linli.engines.worktime.calendar import WorkCalendar
from linli.engines.worktime.hours import AROUND_THE_CLOCK, OFFICE_HOURS
from linli.engines.worktime.workdays import MONDAY_TO_FRIDAY

__all__ = ["AROUND_THE_CLOCK", "MONDAY_TO_FRIDAY", "OFFICE_HOURS", "WorkCalendar"]
