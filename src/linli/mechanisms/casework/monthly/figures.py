"""What a monthly report counts: figures, rates, categories, grids, units, account, exclusions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.indicators.reading import Slice
from linli.kernel.indicators.summing import sums
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.models import AccountEntry, Exclusion
from linli.mechanisms.casework.rates import rates_by

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linli.kernel.indicators.summing import Axis
    from linli.kernel.organisations.models import Community, Organisation
    from linli.mechanisms.casework.monthly.months import Month
    from linli.mechanisms.casework.rates import Row

MOST_TOP = 5
MOST_LISTED = 50


@dataclass(frozen=True)
class Figure:
    """One number of the report: the indicators it adds up, and what it is called."""

    name: str
    label: Any
    indicators: tuple[str, ...]


# Of a community what came in, of a unit what was sent to it: nothing is reported to a unit.
RECEIVED = Figure("received", _("Requests received"), ("casework.reported",))
SENT = Figure("sent", _("Sent to the unit"), ("casework.sent_to_unit",))
FIGURES = (
    Figure("supported", _("Supported by others"), ("casework.supported",)),
    Figure("answered", _("Answered for the first time"), ("casework.answered",)),
    Figure("done", _("Reported as done"), ("casework.solved_reported",)),
    Figure("overdue", _("Deadlines missed"), ("casework.overdue",)),
    Figure("returned", _("Returned by units"), ("casework.returned",)),
    Figure("reopened", _("Reopened"), ("casework.reopened",)),
    Figure("kept", _("Promises kept"), ("casework.promises_kept",)),
    Figure("broken", _("Promises broken"), ("casework.promises_broken",)),
    Figure("not_reached", _("Reporters not reached"), ("casework.not_reached",)),
    Figure("on_account", _("Put on the public account"), ("casework.put_on_account",)),
    Figure("off_account", _("Taken off it unsolved"), ("casework.taken_off_account",)),
    Figure("left_out", _("Left out of the rates"), ("casework.left_out",)),
)


@dataclass(frozen=True)
class Compared:
    """A number of the month, of the month before, and of the same month a year ago."""

    figure: Figure
    now: int
    before: int
    year_ago: int


@dataclass(frozen=True)
class Top:
    """A category or grid with how many; ``key`` is its code, as an address names it."""

    key: str
    label: str
    now: int
    before: int


@dataclass(frozen=True)
class Report:
    """All a report says, before it is worded. ``rates``: this month, the one before, a year ago."""

    community: Community
    unit: Organisation | None
    month: Month
    figures: list[Compared]
    rates: tuple[Row, Row, Row]
    units: list[Row]
    categories: list[Top]
    areas: list[Top]
    account: list[AccountEntry]
    account_size: int
    left_out: list[tuple[str, int]]

    def of(self, name: str) -> Compared | None:
        """Return a figure by its name, None where the report has none such."""
        return next((one for one in self.figures if one.figure.name == name), None)


def figures_for(unit: Organisation | None) -> tuple[Figure, ...]:
    """Return the figures of a report: of the whole community, or of a unit."""
    return (SENT if unit else RECEIVED, *FIGURES)


def report_of(community: Community, unit: Organisation | None, month: Month) -> Report:
    """Return what a report says of a month. At most 22 queries, however much happened.

    A unit stands with all below it.
    """
    three = (month, month.month_before(), month.year_before())
    slices = [Slice(community, one.since, one.until, unit) for one in three]
    rows = rates_by(slices[0], "unit")
    rates = (rows[0], *(rates_by(one, "unit")[0] for one in slices[1:]))
    entries = _account(community, unit, month)
    return Report(
        community=community,
        unit=unit,
        month=month,
        figures=_figures(slices, unit),
        rates=(rates[0], rates[1], rates[2]),
        units=rows[1:],
        categories=_categories(slices),
        areas=_areas(slices),
        account=list(entries[:MOST_LISTED]),
        account_size=entries.count(),
        left_out=_left_out(community, unit, month),
    )


def _figures(slices: list[Slice], unit: Organisation | None) -> list[Compared]:
    told = figures_for(unit)
    names = [name for figure in told for name in figure.indicators]
    counts = [_sums(one, names) for one in slices]
    return [
        Compared(figure, *(sum(found.get(name, 0) for name in figure.indicators)
                           for found in counts))
        for figure in told
    ]  # fmt: skip


def _sums(asked: Slice, indicators: Iterable[str]) -> dict[str, int]:
    return {name: value for (_key, name, _step), value in sums(asked, indicators).items()}


def _by(asked: Slice, axis: Axis) -> dict[Any, int]:
    """Count what was sent to units: what it is about is known by then, often not before."""
    found: Counter[Any] = Counter()
    for (key, _name, _step), value in sums(asked, SENT.indicators, axis).items():
        found[key] += value
    return found


def _categories(slices: list[Slice]) -> list[Top]:
    now, before = (_by(one, "category") for one in slices[:2])
    known = pack_of(slices[0].community).categories
    found = [
        Top(code, str(known[code].label), count, before.get(code, 0))
        for code, count in now.items()
        if code in known and count
    ]
    return sorted(found, key=lambda top: (-top.now, top.label))[:MOST_TOP]


def _areas(slices: list[Slice]) -> list[Top]:
    now, before = (_by(one, "area") for one in slices[:2])
    most = sorted((key for key in now if key and now[key]), key=lambda key: (-now[key], key))
    chosen = most[:MOST_TOP]
    rows = slices[0].community.areas.filter(pk__in=chosen).values_list("pk", "code", "name")
    named = {pk: (code, name) for pk, code, name in rows}
    return [Top(*named[key], now[key], before.get(key, 0)) for key in chosen if key in named]


def _account(community: Community, unit: Organisation | None, month: Month) -> Any:
    """Return what stood on the public account when the month ended, or stands there now."""
    zone = ZoneInfo(community.timezone)
    end = datetime.combine(month.until + timedelta(days=1), time(), zone)
    states = (AccountEntry.State.OPEN, AccountEntry.State.LEFT)
    rows = AccountEntry.objects.filter(community=community, state__in=states, at__lt=end)
    rows = rows.filter(Q(left_at__isnull=True) | Q(left_at__gte=end))
    if unit is not None:
        rows = rows.filter(matter__responsible__path__startswith=unit.path)
    return rows.select_related("matter", "owner").order_by("review_on", "pk")


def _left_out(
    community: Community, unit: Organisation | None, month: Month
) -> list[tuple[str, int]]:
    """Return why requests were left out of the rates in the month, and how many, most first."""
    zone = ZoneInfo(community.timezone)
    begin = datetime.combine(month.since, time(), zone)
    end = datetime.combine(month.until + timedelta(days=1), time(), zone)
    rows = Exclusion.objects.filter(
        community=community, accepted=True, decided_at__gte=begin, decided_at__lt=end
    )
    if unit is not None:
        rows = rows.filter(unit__path__startswith=unit.path)
    pack = pack_of(community)
    counted: Any = rows.values_list("reason").annotate(count=Count("pk"))
    return [
        (pack.reason_label("exclude", reason), count)
        for reason, count in counted.order_by("-count", "reason")
    ]
