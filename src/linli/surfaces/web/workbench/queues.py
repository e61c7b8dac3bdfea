"""The lists of the inbox a supervisor looks at first, and how many matters lie in each.

The conditions are casework's own; each opens as a view of the inbox.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.flags import flagged
from linli.kernel.matters.queries import in_charge
from linli.kernel.organisations.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Callable

    from linli.surfaces.web.workbench.guarding import Desk

SOON = timedelta(days=1)


@dataclass(frozen=True)
class Queue:
    """A list of open matters under a name; ``tone`` colours a number that is not nought."""

    name: str
    label: Any
    condition: Callable[[datetime], Q]
    tone: str = ""


def _all(now: datetime) -> Q:
    return Q()


QUEUES = (
    Queue("", _("All open"), _all),
    Queue("overdue", _("Overdue"), lambda now: Q(due_at__lt=now), "overdue"),
    Queue(
        "soon", _("Due within a day"), lambda now: Q(due_at__gte=now, due_at__lt=now + SOON), "soon"
    ),
    Queue("unsent", _("Not sent yet"), lambda now: Q(responsible__isnull=True)),
    Queue("returned", _("Returned"), lambda now: flagged("returned"), "soon"),
    Queue("disputed", _("With the supervisor"), lambda now: Q(stage="disputed"), "overdue"),
    Queue("reopened", _("Reopened"), lambda now: flagged("reopened"), "soon"),
    Queue("broken", _("Broken promises"), lambda now: flagged("broken"), "overdue"),
)
BY_NAME = {queue.name: queue for queue in QUEUES}


@dataclass(frozen=True)
class Row:
    """How many matters of one unit lie in each queue; no unit: those that nobody answers for."""

    unit: Organisation | None
    counts: dict[str, int] = field(default_factory=dict)


def count_by_unit(desk: Desk, now: datetime | None = None) -> list[Row]:
    """Return the open matters a person is in charge of, by unit and queue, as the tree lies.

    Two queries, however many matters and units there are.
    """
    now = now or timezone.now()
    counts: dict[str, Any] = {
        _column(queue): Count("pk", filter=queue.condition(now)) for queue in QUEUES if queue.name
    }
    rows = in_charge(desk.person, desk.community).filter(closed_at__isnull=True)
    counted: Any = rows.values("responsible").annotate(n_=Count("pk"), **counts).order_by()
    found: dict[int | None, dict[str, int]] = {
        row["responsible"]: {queue.name: row[_column(queue)] for queue in QUEUES} for row in counted
    }
    units = Organisation.objects.filter(pk__in=[key for key in found if key]).order_by("path")
    listed = [Row(unit, found[unit.pk]) for unit in units]
    return [Row(None, found[None]), *listed] if None in found else listed


def _column(queue: Queue) -> str:
    return f"n_{queue.name}"


def added_up(rows: list[Row]) -> dict[str, int]:
    """Return how many lie in each queue, all units together."""
    return {queue.name: sum(row.counts[queue.name] for row in rows) for queue in QUEUES}
