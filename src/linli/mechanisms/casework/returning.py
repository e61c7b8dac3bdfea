"""Returning what is not one's duty; the third return goes to the supervisor, whose word binds.

首接负责: who returns says why, and who else should answer. A request does not wander for ever:
after the pack's number of returns (three) the supervisor decides, and the unit so bound cannot
return it again, nor can the desk send it elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Audience
from linli.kernel.organisations.tree import parent_of
from linli.kernel.procedures.errors import InvalidFacts
from linli.mechanisms.casework.facts import Assign, ReturnToDesk
from linli.mechanisms.casework.stages import SUPERVISOR, UNIT, procedure
from linli.mechanisms.casework.triage import hand_over

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Organisation
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest


def _is_not_bound(request: ServiceRequest) -> bool:
    return request.bound_to_id is None or request.bound_to_id != request.matter.responsible_id


@procedure.action(
    at=("dispatched", "accepted"),
    to=("received", "disputed"),
    by=UNIT,
    label=_("Return to the desk"),
    past="returned",
    happened=_("Returned to the desk by the unit"),
    audience=Audience.STAFF,
    when=_is_not_bound,
)
def return_to_desk(request: ServiceRequest, facts: ReturnToDesk, act: Act) -> None:
    """Not its duty: the unit returns it with a reason, within the clock.

    The third return goes to the supervisor, whose decision binds: no fourth.
    """
    if request.bound_to_id is not None and request.bound_to_id == act.matter.responsible_id:
        raise InvalidFacts(
            {"__all__": [gettext("The supervisor has decided that your unit answers for it.")]}
        )
    request.returns += 1
    act.add_facts(returns=request.returns)
    act.stop_clock("accept")
    act.set(responsible=None)
    if request.returns >= act.pack.casework.returns_before_supervisor:
        act.go_to("disputed")
        act.start_clock("triage")
        act.tell_role(_above(act.matter.desk), "supervisor")
    else:
        act.go_to("received")
        act.start_clock("triage")
    act.tell_role(act.matter.desk, "dispatcher")


@procedure.action(
    at=("received", "disputed", "dispatched", "accepted"),
    to="dispatched",
    by=SUPERVISOR,
    label=_("Decide who answers"),
    past="assigned",
    happened=_("The supervisor decided who answers"),
)
def assign(request: ServiceRequest, facts: Assign, act: Act) -> None:
    """The supervisor decides with binding effect whose duty it is: the unit cannot return it."""
    unit = act.refs["to"]
    request.bound_to = unit
    if unit.pk == act.matter.responsible_id:
        act.tell_role(unit, "handler")
        act.start_clock("accept")
    else:
        hand_over(request, act, unit)


def _above(organisation: Organisation | None) -> Organisation | None:
    if organisation is None:
        return None
    return parent_of(organisation) or organisation
