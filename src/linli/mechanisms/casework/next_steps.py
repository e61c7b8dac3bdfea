"""Where a request stands and what comes next, in words for the reporter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from linli.mechanisms.casework.queries import running_clocks

if TYPE_CHECKING:
    from datetime import datetime

    from linli.kernel.matters.models import Matter


@dataclass(frozen=True)
class NextStep:
    """What happens next, and by when."""

    sentence: Any
    by: datetime
    resting: bool = False
    late: bool = False


STEPS = {
    "triage": _("The desk reads it and sends it to the unit in charge."),
    "accept": _("The unit takes it on."),
    "reply": _("You get an answer."),
    "solve": _("It is to be solved."),
    "ask": _("We ask you whether it is solved."),
    "review": _("It is looked at again whether it can be solved."),
    "appeal": _("The level above decides on your appeal."),
}

STANDS = {
    "received": _("We have received it. The desk is finding out whose duty it is."),
    "disputed": _("It is being decided which unit answers for it."),
    "dispatched": _("It was sent to the unit in charge."),
    "accepted": _("The unit has taken it on and will answer you."),
    "in_hand": _("The unit is working on it."),
    "on_account": _("It cannot be solved now; it stands on the public account until it can."),
    "joined": _("It is being handled together with another report of the same thing."),
    "solved": _("The unit says it is done. Please tell us whether it is solved."),
    "appealed": _("The level above is looking at it again, as you asked."),
    "closed": _("It is closed."),
    "referred": _("It belongs to somebody else; see below whom."),
    "withdrawn": _("You took it back."),
}
SOLVED = _("It is closed. You said that it is solved. Thank you.")
NOT_REACHED = _("It is closed, because we could not reach you. You can open it again.")


def where_it_stands(matter: Matter) -> Any:
    """Return one sentence that says how a request stands."""
    request = matter.servicerequest
    if matter.stage == "closed" and request.not_reached:
        return NOT_REACHED
    if matter.stage == "closed" and request.solved:
        return SOLVED
    return STANDS[matter.stage]


def next_steps(matter: Matter) -> list[NextStep]:
    """Return what runs for a request, soonest first; steps only staff wait for are left out."""
    return [
        NextStep(STEPS[clock.name], clock.due_at, clock.paused_at is not None,
                 clock.overdue_at is not None)
        for clock, _label in running_clocks(matter)
        if clock.name in STEPS
    ]  # fmt: skip
