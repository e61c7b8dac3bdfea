"""Which days are worked: statutory holidays, swapped workdays, weekdays.

The holidays of mainland China are those the State Council announces each autumn for the
year to come, with the weekend days worked in exchange (调休); the `chinesecalendar` package
carries them.
"""

from collections.abc import Callable, Collection
from datetime import date
from typing import Literal

from chinese_calendar import holidays, workdays  # type: ignore[import-untyped]

Kind = Literal["cn", "weekdays"]
MONDAY_TO_FRIDAY = frozenset(range(5))

_HOLIDAYS: frozenset[date] = frozenset(holidays)
_SWAPPED: frozenset[date] = frozenset(workdays)
_FIRST_YEAR, _LAST_YEAR = min(_HOLIDAYS).year, max(_HOLIDAYS).year


def workday_rule(kind: Kind, weekdays: Collection[int]) -> Callable[[date], bool]:
    """The predicate of a workday; `weekdays` counts Monday as 0, as `date.weekday()` does.

    Kind "cn" falls back to the weekdays in years that are not `announced()`. Raises
    ValueError for an unknown kind, no weekday, or a number that is none.
    """
    worked = frozenset(weekdays)
    if not worked or not worked <= frozenset(range(7)):
        raise ValueError(f"weekdays are numbers 0 (Monday) to 6 (Sunday), not {weekdays!r}")
    if kind == "weekdays":
        return lambda day: day.weekday() in worked
    if kind == "cn":
        return lambda day: day in _SWAPPED or (day.weekday() in worked and day not in _HOLIDAYS)
    raise ValueError(f"a work calendar is of kind 'cn' or 'weekdays', not {kind!r}")


def announced(year: int) -> bool:
    """Whether the Chinese holidays of the year are known."""
    return _FIRST_YEAR <= year <= _LAST_YEAR
