"""Background work on clocks: find those that ran out, once each."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.utils import timezone

from linli.kernel.access.relations import SYSTEM
from linli.kernel.deadlines.models import Clock
from linli.kernel.procedures.errors import Refused
from linli.kernel.procedures.performing import perform

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

log = logging.getLogger(__name__)
BATCH = 500


def find_overdue(now: datetime | None = None) -> int:
    """Tell every procedure of its clocks that ran out; return how many were found.

    A procedure whose clocks can run out declares the action ``clock_ran_out``. Safe to run in
    several workers: the action itself notes the clock, under the lock of its matter.
    """
    now = now or timezone.now()
    rows = Clock.objects.filter(
        due_at__lt=now, stopped_at__isnull=True, paused_at__isnull=True, overdue_at__isnull=True
    )
    return _tell_procedures(rows.order_by("due_at"), "clock_ran_out", now)


def find_climbing(now: datetime | None = None) -> int:
    """Let clocks that stay overdue climb one level more; return how many did.

    A procedure that lets its clocks climb (see `Clocks.note_overdue`) declares the action
    ``clock_climbs``; it checks the time again under the lock, so each step is taken once.
    """
    now = now or timezone.now()
    rows = Clock.objects.filter(climbs_at__lt=now, stopped_at__isnull=True, paused_at__isnull=True)
    return _tell_procedures(rows.order_by("climbs_at"), "clock_climbs", now)


def _tell_procedures(rows: QuerySet[Clock], action: str, now: datetime) -> int:
    found = 0
    for clock in rows.select_related("matter")[:BATCH]:
        try:
            perform(clock.matter, action, by=SYSTEM, facts={"clock": clock.name}, at=now)
            found += 1
        except Refused as refusal:  # another worker was faster, or the clock was just stopped
            log.info("clock %s of matter %s: %s", clock.name, clock.matter_id, refusal.code)
    return found
