"""Clocks that run out climb: one level up at once, and one more each time they stay unanswered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Audience
from linli.kernel.organisations.tree import parent_of
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.facts import Facts, Says, VisibleTo
from linli.mechanisms.casework.stages import BEFORE_SOLVED, SYSTEM, procedure

if TYPE_CHECKING:
    from linli.kernel.deadlines.models import Clock
    from linli.kernel.organisations.models import Organisation
    from linli.kernel.packs.schema import Duration
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest

RUNNING = (*BEFORE_SOLVED, "solved", "appealed")


class RanOut(Facts):
    """Which clock ran out."""

    clock: Annotated[str, VisibleTo(Audience.STAFF)]


@procedure.action(
    at=RUNNING,
    to="=",
    by=SYSTEM,
    label=_("Clock ran out"),
    past="overdue",
    happened=_("A deadline passed"),
    audience=Audience.STAFF,
    hidden=True,
)
def clock_ran_out(request: ServiceRequest, facts: RanOut, act: Act) -> None:
    """Found overdue, once: it climbs one level, and a broken promise becomes visible."""
    clock = act.clocks.running(facts.clock)
    if clock is None or clock.overdue_at or clock.due_at > act.now:
        raise InvalidFacts({"clock": [gettext("This clock is not overdue.")]})
    act.clocks.note_overdue(clock, _again(act, clock))
    if clock.promised:
        request.promise_broken = True
        act.audience = Audience.PUBLIC
        act.add_facts(promise="broken")
        act.tell(request.reporter)
    act.add_facts(level=clock.level, promised=clock.promised)
    where = act.matter.responsible or act.matter.desk
    act.tell_role(where, "handler" if act.matter.responsible else "dispatcher")
    if act.pack.clocks[facts.clock].escalates:
        act.tell_role(above(where, clock.level), "supervisor")


class Climbs(Facts):
    """Which clock climbs."""

    clock: Annotated[str, VisibleTo(Audience.STAFF), Says(_("Deadline"))]


@procedure.action(
    at=RUNNING,
    to="=",
    by=SYSTEM,
    label=_("Tell the next level"),
    past="escalated",
    happened=_("Still unanswered: the next level was told"),
    audience=Audience.STAFF,
    hidden=True,
)
def clock_climbs(request: ServiceRequest, facts: Climbs, act: Act) -> None:
    """Still overdue after the pack's time: the supervisors one level further up are told, once."""
    clock = act.clocks.running(facts.clock)
    if clock is None or clock.climbs_at is None or clock.climbs_at > act.now:
        raise InvalidFacts({"clock": [gettext("This clock does not climb now.")]})
    act.clocks.note_overdue(clock, _again(act, clock))
    where = above(act.matter.responsible or act.matter.desk, clock.level)
    act.add_facts(level=clock.level, told=where.name if where else "")
    act.tell_role(where, "supervisor")


def _again(act: Act, clock: Clock) -> Duration | None:
    """Return when it climbs once more; never where nobody stands above whom it tells now."""
    told = above(act.matter.responsible or act.matter.desk, clock.level + 1)
    highest = told is None or parent_of(told) is None
    escalates = act.pack.clocks[clock.name].escalates
    return act.pack.casework.climbs_again if escalates and not highest else None


def above(organisation: Organisation | None, levels: int) -> Organisation | None:
    """Return the organisation so many levels above, or the top of the tree."""
    while organisation is not None and levels > 0 and (parent := parent_of(organisation)):
        organisation, levels = parent, levels - 1
    return organisation
