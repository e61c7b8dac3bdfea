"""Letting the clock for solving rest while a matter stands on the account, and run on after it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest


def rest(act: Act) -> None:
    """Let the clock rest; one that has run out already stays broken and ends."""
    clock = act.clocks.running("solve")
    if clock is not None and clock.overdue_at is not None:
        act.stop_clock("solve")
    act.pause_clocks()


def run_on(request: ServiceRequest, act: Act) -> None:
    """Let it run on with what was left; a promised day is moved by the days of the rest.

    Where none was left, and so no promise that could still be kept, a new clock begins.
    """
    act.stop_clock("review")
    act.resume_clocks()
    clock = act.clocks.running("solve")
    if clock is None:
        act.start_clock("solve")
        request.promised_on = None
    elif clock.promised:
        zone = ZoneInfo(act.matter.community.timezone)
        request.promised_on = clock.due_at.astimezone(zone).date()
