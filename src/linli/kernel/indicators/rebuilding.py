"""Counting everything again from the events, and comparing it with what was kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import TruncDate

from linli.kernel.events.models import Event
from linli.kernel.indicators.cells import Cell, add
from linli.kernel.indicators.declaration import registry
from linli.kernel.indicators.folding import locked
from linli.kernel.indicators.models import PendingEvent, Rollup
from linli.kernel.organisations.models import Community


class Difference(NamedTuple):
    """A cell whose kept figure is not what its events give."""

    cell: Cell
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
        if differences and not check:
            Rollup.objects.filter(community=held).delete()
            add(counted)
        return differences


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
    folded = Event.objects.filter(
        ~Exists(PendingEvent.objects.filter(event_id=OuterRef("pk"))), community=community
    ).annotate(day=TruncDate("at", tzinfo=ZoneInfo(community.timezone)))
    for indicator in registry.values():
        rows = indicator.among(folded).values_list("day", indicator.of, "area", "category")
        for day, organisation, area, category, count in rows.annotate(count=Count("pk")).order_by():
            cell = Cell(community.pk, indicator.name, day, organisation or 0, area or 0, category)
            yield cell, count


def _kept(community: Community) -> Iterator[tuple[Cell, int]]:
    rows = Rollup.objects.filter(community=community).values_list(
        "indicator", "day", "organisation", "area", "category", "value"
    )
    for name, day, organisation, area, category, value in rows.iterator():
        yield Cell(community.pk, name, day, organisation or 0, area or 0, category), value
