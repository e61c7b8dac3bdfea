"""Reading the rates: kept counts, less what was left out of them on record.

What is left out is counted from its own events with the same conditions, so a rate, the rate
without exclusions and the list either opens to cannot differ.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import Count, Exists, OuterRef, Q

from linli.kernel.indicators.declaration import Indicator, figure_named, indicator_named
from linli.kernel.indicators.reading import evidence_together
from linli.kernel.indicators.summing import sums
from linli.kernel.organisations.models import Organisation
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.entries import IN_FORCE
from linli.mechanisms.casework.models import Exclusion
from linli.mechanisms.casework.rates.shares import Share, share_of, three_rates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from linli.kernel.events.models import Event
    from linli.kernel.indicators.reading import Slice
    from linli.kernel.indicators.summing import Axis
    from linli.mechanisms.casework.rates.shares import Rate

By = Literal["unit", "area", "category", "group"]
BESIDE = ("casework.not_reached",)  # shown beside the rates, in none of them
AXES: dict[By, Axis] = {
    "unit": "organisation", "area": "area", "category": "category", "group": "category",
}  # fmt: skip
Counts = dict[Any, Counter[str]]


@dataclass(frozen=True)
class Row:
    """The rates of one unit, grid or category; ``key`` is how an address names it.

    ``shares`` leave out what was left out on record, ``whole_shares`` do not. The row of all
    together has no key.
    """

    key: str
    name: str
    shares: list[Share]
    whole_shares: list[Share]
    not_reached: int

    @property
    def differs(self) -> bool:
        """Whether anything was left out."""
        return self.shares != self.whole_shares


def rates_by(asked: Slice, by: By) -> list[Row]:
    """Return the rates of all together, then of each unit, grid or category with figures.

    A unit stands with all below it, a grid with its parts, a ``group`` with its categories.
    Four queries at most, however many rows.
    """
    rates = three_rates(pack_of(asked.community))
    names = {name for rate in rates for name in (*rate.part, *rate.whole)} | set(BESIDE)
    kept, out = _kept(asked, by, names), _left_out(asked, by, names)
    found = [_row("", "", rates, _sum(kept.values()), _sum(out.values()))]
    for key, name, within in things_by(asked, by, set(kept)):
        found.append(_row(key, name, rates, _of(kept, within), _of(out, within)))
    return found


def evidence_of(asked: Slice, indicators: Iterable[str], *, without: bool) -> QuerySet[Event]:
    """Return the events that figures count; ``without``: those left out on record are not there.

    Raises UnknownIndicator.
    """
    found = evidence_together(asked, [figure_named(name) for name in indicators])
    return found.filter(~_excluded()) if without else found


def _row(key: str, name: str, rates: Sequence[Rate], kept: Counter[str], out: Counter[str]) -> Row:
    net = Counter(kept)
    net.subtract(out)
    return Row(
        key,
        name,
        [share_of(rate, net) for rate in rates],
        [share_of(rate, kept) for rate in rates],
        net["casework.not_reached"],
    )


# --- counts by what is asked for ----------------------------------------------------------------
def _kept(asked: Slice, by: By, names: set[str]) -> Counts:
    nobody = "" if AXES[by] == "category" else None
    found: Counts = {}
    for (key, name, _step), value in sums(asked, names, AXES[by]).items():
        found.setdefault(key or nobody, Counter())[name] += value
    return found


def _left_out(asked: Slice, by: By, names: set[str]) -> Counts:
    """Count the events of what is left out, all figures in one query: they are few."""
    column = {"unit": "answerable", "area": "area"}.get(by, "category")
    figures = [indicator_named(name) for name in sorted(names)]
    rows = asked.counted_events("answerable").filter(
        _excluded(), kind__in={kind for one in figures for kind in one.kinds}
    )
    summed: Any = rows.values(column).annotate(
        **{f"n{number}": Count("pk", filter=_counts(one)) for number, one in enumerate(figures)}
    )
    return {
        row[column]: Counter({one.name: row[f"n{number}"] for number, one in enumerate(figures)})
        for row in summed.order_by()
    }


def _counts(one: Indicator) -> Q:
    return Q(kind__in=one.kinds) & one.condition


def _excluded() -> Exists:
    return Exists(Exclusion.objects.filter(IN_FORCE, matter=OuterRef("matter")))


# --- what the rows are of -----------------------------------------------------------------------
def things_by(asked: Slice, by: By, keys: set[Any]) -> list[tuple[str, str, set[Any]]]:
    """Return address, name and the keys counted within, of each thing that has figures."""
    if by == "unit":
        units = list(Organisation.objects.filter(pk__in=[key for key in keys if key]))
        units.sort(key=lambda unit: unit.path)
        return [
            (str(unit.uuid), unit.name,
             {other.pk for other in units if other.path.startswith(unit.path)})
            for unit in units
        ]  # fmt: skip
    if by == "area":
        return _areas(asked, keys)
    categories = pack_of(asked.community).categories
    if by == "category":
        return [(code, str(one.label), {code}) for code, one in categories.items() if code in keys]
    groups: dict[str, set[Any]] = {}
    for code in keys & set(categories):
        groups.setdefault(categories[code].parent or code, set()).add(code)
    return [
        (code, str(one.label), groups[code]) for code, one in categories.items() if code in groups
    ]


def _areas(asked: Slice, keys: set[Any]) -> list[tuple[str, str, set[Any]]]:
    columns = ("pk", "parent_id", "uuid", "name")
    areas = list(asked.community.areas.order_by("level", "code").values_list(*columns))
    above: Mapping[int, int | None] = {pk: parent for pk, parent, _uuid, _name in areas}
    within: dict[int, set[Any]] = {}
    for key in keys:
        one: int | None = key
        while one is not None:
            within.setdefault(one, set()).add(key)
            one = above.get(one)
    return [(str(uuid), name, within[pk]) for pk, _parent, uuid, name in areas if pk in keys]


def _of(counts: Counts, keys: set[Any]) -> Counter[str]:
    return _sum(found for key, found in counts.items() if key in keys)


def _sum(counts: Iterable[Counter[str]]) -> Counter[str]:
    together: Counter[str] = Counter()
    for one in counts:
        together.update(one)
    return together
