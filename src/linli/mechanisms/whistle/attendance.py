"""Who was called, and who came: one line for each department of a whistle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime

    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Organisation
    from linli.mechanisms.whistle.models import Whistle, WhistleCall

LABELS = {
    "awaited": _("On the way"),
    "overdue": _("Not there in time"),
    "declined": _("Said it will not come"),
    "present": _("Came in time"),
    "late": _("Came late"),
    "absent": _("Absent"),
    "called_off": _("Called off"),
}
# Colours of `badge`: red is shown to all, that is what the whistle is for.
TONES = {
    "awaited": "info",
    "overdue": "overdue",
    "declined": "bad",
    "present": "good",
    "late": "soon",
    "absent": "bad",
    "called_off": "calm",
}


@dataclass(frozen=True)
class Attendance:
    """One department: ``state`` is a key of `LABELS`; ``due_at`` while it is awaited."""

    call: WhistleCall
    state: str

    @property
    def matter(self) -> Matter:
        """The call's matter."""
        return self.call.matter

    @property
    def department(self) -> Organisation | None:
        """Who was called."""
        return self.call.matter.responsible

    @property
    def label(self) -> Any:
        """The state in words."""
        return LABELS[self.state]

    @property
    def tone(self) -> str:
        """The colour of the state."""
        return TONES[self.state]

    @property
    def due_at(self) -> datetime | None:
        """When it must have reported in, while that is open."""
        return self.call.matter.due_at if self.state in ("awaited", "overdue") else None

    @property
    def minutes(self) -> int | None:
        """How long it took to report in, in whole minutes."""
        seconds = self.call.seconds
        return None if seconds is None else -(-seconds // 60)


def state_of(call: WhistleCall, now: datetime | None = None) -> str:
    """Return how a call stands; late is noticed here at once, before a worker notes it."""
    stage = call.matter.stage
    if stage in ("present", "was_present"):
        return "late" if call.late else "present"
    if stage == "called":
        due = call.matter.due_at
        return "overdue" if due is not None and due < (now or timezone.now()) else "awaited"
    return {"missing": "overdue"}.get(stage, stage)


def attendance_of(whistle: Whistle, now: datetime | None = None) -> list[Attendance]:
    """Return a line for each department called, in the order they were called. One query."""
    calls = whistle.calls.select_related("matter__responsible", "matter__pack").defer(
        "matter__pack__content"
    )
    return [Attendance(call, state_of(call, now)) for call in calls.order_by("pk")]


def summed(lines: list[Attendance]) -> dict[str, int]:
    """Return how many were called, came (in time or late), and are still awaited or missed."""
    states = [line.state for line in lines]
    return {
        "called": len(states),
        "came": states.count("present") + states.count("late"),
        "late": states.count("late"),
        "awaited": states.count("awaited"),
        "missed": sum(states.count(one) for one in ("overdue", "declined", "absent")),
    }
