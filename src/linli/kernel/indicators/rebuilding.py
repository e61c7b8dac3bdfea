"""Counting everything again from the events, and comparing it with what was kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import TruncDate

from linli.kernel.events.models import Event
from linli.kernel.indicators.cells import Cell, add
from linli.kernel.indicators.declaration import registry
from linli.kernel.indicators.distributions import Distribution, distributions
from linli.kernel.indicators.folding import locked
from linli.kernel.indicators.models import Rollup, Summary
from linli.kernel.indicators.stocks import folded, moves_of_all
from linli.kernel.indicators.summaries import Sum, kept_summaries, summed_up
from linli.kernel.organisations.models import Community

if TYPE_CHECKING:
    from django.db.models import QuerySet


class Difference(NamedTuple):
    """A cell whose kept figure is not what its events give."""

    cell: Cell | Sum
    kept: int
    counted: int


def rebuild(community: Community, *, check: bool = False) -> list[Difference]:
    """Count a community's figures anew and return where what was kept differed.

    Events that are not folded yet stay so: they are in neither figure. With ``check`` nothing is
    written. Needed after a change of an indicator's declaration or of the community's time zone.
    """
    with transaction.atomic():
        held = locked(community.pk, wait=True)
        if held is None:
            return []
        counted = dict(_counted(held))
        kept = dict(_kept(held))
        differences = [
            Difference(cell, kept.get(cell, 0), counted.get(cell, 0))
            for cell in sorted(kept.keys() | counted.keys())
            if kept.get(cell, 0) != counted.get(cell, 0)
        ]
        differences += _summaries_differing(held, counted)
        if differences and not check:
            Rollup.objects.filter(community=held).delete()
            Summary.objects.filter(community=held).delete()
            add(counted)
        return differences


def _summaries_differing(community: Community, counted: Mapping[Cell, int]) -> list[Difference]:
    """Compare each summary with the sum of the cells counted; a pass over all of them."""
    due = summed_up(counted)
    found = kept_summaries(community)
    return [
        Difference(one, found.get(one, 0), due.get(one, 0))
        for one in sorted(due.keys() | found.keys())
        if due.get(one, 0) != found.get(one, 0)
    ]


def rebuild_all(*, check: bool = False, say: Callable[[str], object] = print) -> int:
    """Rebuild every community's figures, say each difference, and return how many there were.

    With ``check`` the differences are only said.
    """
    found = 0
    for community in Community.objects.order_by("pk"):
        differences = rebuild(community, check=check)
        for cell, kept, counted in differences:
            where = f"{cell.day} {cell.indicator} {cell.key}"
            say(f"{community.code}: {where}: kept {kept}, counted {counted}")
        found += len(differences)
        say(f"{community.code}: {len(differences)} differences")
    return found


def _counted(community: Community) -> Iterator[tuple[Cell, int]]:
    """Count in the database, not as folding does: two ways that must agree."""
    events = folded(Event.objects.filter(community=community))
    yield from moves_of_all(community, events).items()
    dated = events.annotate(day=TruncDate("at", tzinfo=ZoneInfo(community.timezone)))
    for one in distributions.values():
        yield from _measured(community, one, dated).items()
    for indicator in registry.values():
        rows = indicator.among(dated).values_list("day", indicator.of, "area", "category")
        for day, organisation, area, category, count in rows.annotate(count=Count("pk")).order_by():
            cell = Cell(community.pk, indicator.name, day, organisation or 0, area or 0, category)
            yield cell, count


def _measured(community: Community, one: Distribution, dated: QuerySet[Any]) -> Counter[Cell]:
    found: Counter[Cell] = Counter()
    rows = one.among(dated).values_list("day", one.of, "area", "category", one.column)
    for day, unit, area, category, minutes, count in rows.annotate(count=Count("pk")).order_by():
        name = one.kept_as(minutes)
        found[Cell(community.pk, name, day, unit or 0, area or 0, category)] += count
    return found


def _kept(community: Community) -> Iterator[tuple[Cell, int]]:
    rows = Rollup.objects.filter(community=community).values_list(
        "indicator", "day", "organisation", "area", "category", "value"
    )
    for name, day, organisation, area, category, value in rows.iterator():
        yield Cell(community.pk, name, day, organisation or 0, area or 0, category), value
