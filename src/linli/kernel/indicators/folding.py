"""Folding events into the daily figures: each exactly once, however workers die.

One worker at a time folds for a community: it holds the community's row until it commits, so a
rebuilding (which holds the same row) never meets a half-folded event. Readers and everybody who
acts on matters are not held up: the lock conflicts with neither reads nor foreign keys.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from linli.kernel.events.models import Event
from linli.kernel.indicators.cells import Cell, add
from linli.kernel.indicators.declaration import Indicator, registry
from linli.kernel.indicators.distributions import distributions
from linli.kernel.indicators.models import PendingEvent
from linli.kernel.indicators.stocks import moves_of
from linli.kernel.organisations.models import Community

if TYPE_CHECKING:
    from django.db.models import QuerySet

BATCH = 1000


def fold_pending(limit: int = BATCH) -> int:
    """Add up to ``limit`` pending events to the figures, and return how many were folded.

    0 means that nothing waits, or that other workers are at it. Safe in any number of workers.
    """
    rows = PendingEvent.objects.order_by("event_id")
    by_community: dict[int, list[int]] = defaultdict(list)
    for community_id, event_id in rows.values_list("event__community_id", "event_id")[:limit]:
        by_community[community_id].append(event_id)
    return sum(
        _fold(community_id, event_ids[begin : begin + BATCH])
        for community_id, event_ids in sorted(by_community.items())
        for begin in range(0, len(event_ids), BATCH)
    )


def _fold(community_id: int, event_ids: list[int]) -> int:
    with transaction.atomic():
        community = locked(community_id, wait=False)
        if community is None:
            return 0
        # Read again under the lock: another worker may have folded some meanwhile.
        pending = PendingEvent.objects.filter(event_id__in=event_ids)
        ids = sorted(pending.values_list("event_id", flat=True))
        add(counts_of(community, Event.objects.filter(pk__in=ids)))
        PendingEvent.objects.filter(event_id__in=ids).delete()
        return len(ids)


def locked(community_id: int, *, wait: bool) -> Community | None:
    """Return the community, its row held until commit; None where another holds it.

    SQLite holds the whole database by then (immediate transactions).
    """
    rows = Community.objects.select_for_update(no_key=True, skip_locked=not wait, of=("self",))
    return rows.filter(pk=community_id).first()


def counts_of(community: Community, events: QuerySet[Event]) -> Counter[Cell]:
    """Return what events of a community add to which cells, and take from cells of stocks."""
    measured = {one.column for one in distributions.values()}
    columns = ("pk", "kind", "at", "organisation_id", "answerable_id", "area_id", "category")
    rows = list(events.values(*columns, *measured))
    found: Counter[Cell] = Counter()
    for indicator in registry.values():
        for row in _counting(indicator, rows):
            found[_cell(community, indicator.name, row, indicator.of)] += 1
    for one in distributions.values():
        for row in rows:
            if row["kind"] in one.kinds and (minutes := row[one.column]) is not None:
                found[_cell(community, one.kept_as(minutes), row, one.of)] += 1
    found.update(moves_of(community, events))
    return found


def _cell(community: Community, name: str, row: dict[str, Any], of: str) -> Cell:
    day = community.day_of(row["at"])
    unit, area = row[f"{of}_id"] or 0, row["area_id"] or 0
    return Cell(community.pk, name, day, unit, area, row["category"])


def _counting(indicator: Indicator, rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """Return the rows that count; the database judges the condition, as it does for evidence."""
    of_kind = [row for row in rows if row["kind"] in indicator.kinds]
    if not of_kind or not indicator.condition:
        return of_kind
    asked = Event.objects.filter(pk__in=[row["pk"] for row in of_kind])
    counting = set(indicator.among(asked).values_list("pk", flat=True))
    return [row for row in of_kind if row["pk"] in counting]
