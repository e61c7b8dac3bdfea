"""How departments stand: called, there in time, late, absent, and how they were rated.

Counts are the kept figures, each of which opens to its events; the median time and the ratings
are read from the calls of the same days.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from statistics import median
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from linli.kernel.indicators.reading import Slice, by_organisation
from linli.kernel.organisations.models import Organisation
from linli.mechanisms.whistle.models import WhistleCall

if TYPE_CHECKING:
    from collections.abc import Iterable

COUNTS = ("whistle.called", "whistle.in_time", "whistle.late", "whistle.missed", "whistle.absent")


@dataclass(frozen=True)
class Standing:
    """One department (None: all together). ``minutes``: the median until it reported in."""

    unit: Organisation | None
    counts: dict[str, int] = field(default_factory=dict)
    minutes: int | None = None
    result: float | None = None  # the mean of the ratings, 1 to 5
    rated: int = 0

    @property
    def judged(self) -> int:
        """How many calls were decided: there in time, or not."""
        return self.counts["whistle.in_time"] + self.counts["whistle.missed"]

    @property
    def per_cent(self) -> float | None:
        """Reported in in time, of those decided; None where none was."""
        if not self.judged:
            return None
        return round(100 * self.counts["whistle.in_time"] / self.judged, 1)


def standings(asked: Slice) -> list[Standing]:
    """Return all together, then each department that was called, as the tree lies.

    Three queries, however many calls there are.
    """
    kept = {key: counts for key, counts in by_organisation(asked, COUNTS).items() if key}
    times, results = _calls(asked)
    units = Organisation.objects.filter(pk__in={*kept, *times, *results}).order_by("path")
    rows = [
        _standing(unit, [kept.get(unit.pk, {})], times[unit.pk], results[unit.pk]) for unit in units
    ]
    if not rows:
        return []
    everyone = _standing(
        None,
        kept.values(),
        [one for some in times.values() for one in some],
        [one for some in results.values() for one in some],
    )
    return [everyone, *rows]


def _standing(
    unit: Organisation | None,
    counts: Iterable[dict[str, int]],
    times: list[int],
    results: list[int],
) -> Standing:
    together = dict.fromkeys(COUNTS, 0)
    for one in counts:
        for name, value in one.items():
            together[name] += value
    return Standing(
        unit,
        together,
        round(median(times) / 60) if times else None,
        round(sum(results) / len(results), 1) if results else None,
        len(results),
    )


def _calls(asked: Slice) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Return seconds until they came, and results, by department, of calls made in these days."""
    zone = ZoneInfo(asked.community.timezone)
    since = datetime.combine(asked.since, time(), zone)
    until = datetime.combine(asked.until + timedelta(days=1), time(), zone)
    rows = WhistleCall.objects.filter(
        matter__community=asked.community,
        matter__created_at__gte=since,
        matter__created_at__lt=until,
    )
    if asked.organisation is not None:
        rows = rows.filter(matter__responsible__path__startswith=asked.organisation.path)
    times: dict[int, list[int]] = defaultdict(list)
    results: dict[int, list[int]] = defaultdict(list)
    for unit, seconds, result in rows.values_list("matter__responsible", "seconds", "result"):
        if seconds is not None:
            times[unit].append(seconds)
        if result is not None:
            results[unit].append(result)
    return times, results
