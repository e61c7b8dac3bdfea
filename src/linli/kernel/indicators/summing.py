"""Adding up what is kept, from the smallest roll-ups that tell what is asked.

A stretch of days is read as whole months and the days at its ends.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import Q, Sum

from linli.kernel.indicators.models import Rollup, Summary
from linli.kernel.indicators.summaries import AXES, NONE, axes_of, level_for, levels_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import QuerySet

    from linli.kernel.indicators.reading import Slice
    from linli.kernel.indicators.summaries import Level

Axis = Literal["organisation", "area", "category"]
Step = Literal["day", "month"]
Key = tuple[Any, str, date | None]
Days = tuple[date, date]


def sums(
    asked: Slice, kept: Iterable[str], by: Axis | None = None, step: Step | None = None
) -> Counter[Key]:
    """Return sums by key of an axis (None: all together), kept name and step.

    ``kept``: names under which counts are kept. Keys of organisations and areas are primary keys,
    0 for none; a step is the day, or the first of the month, None where none is asked. Three
    queries at most, and one for each axis that the slice narrows.
    """
    names = list(dict.fromkeys(kept))
    narrowed = asked.narrowed_to
    needed = frozenset(narrowed) | ({by} if by else set())
    found: Counter[Key] = Counter()
    for level, days in _plan(asked, _levels_of_all(names), needed, step):
        rows = _rows(asked, level, days, names, narrowed, by)
        when = "since" if level else "day"
        columns = ["indicator", *([by] if by else []), *([when] if step else [])]
        for name, *rest, value in rows.values_list(*columns).annotate(sum=Sum("value")).order_by():
            key = (rest.pop(0) or ("" if by == "category" else 0)) if by else None
            moment = _step(rest[0], step) if step else None
            found[key, name, moment] += value
    return found


def _levels_of_all(names: list[str]) -> tuple[Level, ...]:
    """Return the levels that all of some kept names are summed up on: those of the fewest."""
    return min((levels_of(name) for name in names), key=len, default=())


def _plan(
    asked: Slice, levels: tuple[Level, ...], needed: frozenset[str], step: Step | None
) -> list[tuple[str, list[Days]]]:
    """Return which level ("" for the roll-ups themselves) is read for which stretches of days."""
    # What is asked for all together needs no key apart: any level does.
    by_month = level_for(levels, "month", needed) if step != "day" else ""
    by_day = level_for(levels, "day", needed)
    whole, ends = months_within(asked.since, asked.until)
    if not by_month or whole is None:
        return [(by_day, [(asked.since, asked.until)])]
    return [(by_month, [whole]), *([(by_day, ends)] if ends else [])]


def _rows(
    asked: Slice, level: str, days: list[Days], names: list[str],
    narrowed: dict[str, list[Any]], by: Axis | None,
) -> QuerySet[Any]:  # fmt: skip
    named = {"community": asked.community, "indicator__in": names}
    if not level:
        within = {f"{axis}__in": keys for axis, keys in narrowed.items()}
        return Rollup.objects.filter(_between("day", days), **named, **within)
    rows = Summary.objects.filter(level=level, **named)
    if level.startswith("month"):
        # Each month by name, so that what follows it in the index narrows too.
        rows = rows.filter(since__in=list(_months(*days[0])))
    else:
        rows = rows.filter(_between("since", days))
    for axis, keys in _keys(asked, level, narrowed, by).items():
        rows = rows.filter(**{f"{axis}__in": keys})
    return rows


def _keys(
    asked: Slice, level: str, narrowed: dict[str, list[Any]], by: Axis | None
) -> dict[str, list[Any]]:
    """Return which keys of each axis are read; the index is of all of them, in its order.

    Where rows are by unit and narrowed by what follows it in the index, every unit is named.
    """
    found: dict[str, list[Any]] = {}
    for axis in AXES.values():
        if axis in narrowed:
            found[axis] = narrowed[axis]
        elif axis not in axes_of(level):
            found[axis] = [NONE[axis]]
        elif axis == by == "organisation" and "category" in narrowed:
            found[axis] = [0, *asked.units_of_community]
    return found


def _between(column: str, days: list[Days]) -> Q:
    found = Q()
    for since, until in days:
        found |= Q(**{f"{column}__gte": since, f"{column}__lte": until})
    return found


def months_within(since: date, until: date) -> tuple[Days | None, list[Days]]:
    """Return the first and last month (their first days) that lie within, and the days left."""
    first = since if since.day == 1 else _next_month(since)
    beyond = until + timedelta(days=1)
    after = beyond.replace(day=1)  # of the month that is not whole any more
    if after <= first:
        return None, [(since, until)] if since <= until else []
    ends = []
    if since < first:
        ends.append((since, first - timedelta(days=1)))
    if after <= until:
        ends.append((after, until))
    return (first, (after - timedelta(days=1)).replace(day=1)), ends


def _months(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = _next_month(first)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _step(day: date, step: Step) -> date:
    return day.replace(day=1) if step == "month" else day
