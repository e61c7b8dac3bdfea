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

log = logging.getLogger(__name__)
BATCH = 500


def find_overdue(now: datetime | None = None) -> int:
    """Tell every procedure of its clocks that ran out; return how many were found.

    A procedure whose clocks can run out declares the action ``clock_ran_out``. Safe to run in
    several workers: the action itself notes the clock, under the lock of its matter.
    """
    now = now or timezone.now()
    found = 0
    rows = Clock.objects.filter(
        due_at__lt=now, stopped_at__isnull=True, paused_at__isnull=True, overdue_at__isnull=True
    ).select_related("matter")
    for clock in rows.order_by("due_at")[:BATCH]:
        try:
            perform(clock.matter, "clock_ran_out", by=SYSTEM, facts={"clock": clock.name}, at=now)
            found += 1
        except Refused as refusal:  # another worker was faster, or the clock was just stopped
            log.info("clock %s of matter %s: %s", clock.name, clock.matter_id, refusal.code)
    return found
