"""A department that was called: it reports in or says why not, adds to the record, is rated."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Attachment, Audience, MatterLink
from linli.kernel.organisations.tree import parent_of
from linli.kernel.procedures.errors import InvalidFacts
from linli.mechanisms.whistle.calling import CLOCK
from linli.mechanisms.whistle.facts import (
    Call,
    Decline,
    End,
    JudgeWhistle,
    RanOut,
    RateDepartment,
    ReportIn,
    Supplement,
)
from linli.mechanisms.whistle.stages import AWAITED, DEPARTMENT, SYSTEM, WHISTLER
from linli.mechanisms.whistle.stages import call_procedure as procedure

if TYPE_CHECKING:
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.whistle.models import WhistleCall

METRES_A_DEGREE = 111_320.0


@procedure.start(
    to="called",
    by=SYSTEM,
    label=_("Call"),
    past="called",
    happened=_("The department was called"),
    audience=Audience.PUBLIC,
)
def call(called: WhistleCall, facts: Call, act: Act) -> None:
    """The department is called: its clock runs, 30 minutes in an emergency, else 24 hours.

    By the wall clock in either case, so by night and on holidays too (see the pack).
    """
    main = act.refs["whistle"]
    called.whistle = main.whistle
    act.set(
        title=main.title, text=main.text, urgency=main.urgency, audience=main.audience,
        public_title=main.public_title, desk=main.desk, responsible=act.refs["to"],
        area=main.area, address_text=main.address_text,
    )  # fmt: skip
    act.link(MatterLink.Kind.PART_OF, main)
    act.start_clock(CLOCK)
    act.tell_role(act.refs["to"], "handler")


@procedure.action(
    at=AWAITED,
    to="present",
    by=DEPARTMENT,
    label=_("Report in"),
    past="reported_in",
    happened=_("Reported in"),
    audience=Audience.PUBLIC,
)
def report_in(called: WhistleCall, facts: ReportIn, act: Act) -> None:
    """The department is there. Late counts as late, never as absent.

    ``came`` in the event says "in_time" or "late": who had declined, or whose clock had run
    out, was missed already and comes late.
    """
    clock = act.clocks.running(CLOCK)
    called.late = called.missed or clock is None or act.now > clock.due_at
    if called.late and not called.missed:  # before the worker found the clock
        called.missed = True
        act.add_facts(missed=True)
    act.stop_clock(CLOCK)
    called.how, called.came_at = facts.how, act.now
    called.seconds = max(0, int((act.now - act.matter.created_at).total_seconds()))
    called.distance_m = _metres(called, facts)
    act.add_facts(came="late" if called.late else "in_time", seconds=called.seconds)
    act.tell_role(act.matter.desk, "supervisor")


@procedure.action(
    at=("called", "missing"),
    to="declined",
    by=DEPARTMENT,
    label=_("Say that you will not come"),
    past="declined",
    happened=_("Said that it will not come"),
    audience=Audience.PUBLIC,
    confirm=_("It counts as absent. You can still report in later."),
)
def decline(called: WhistleCall, facts: Decline, act: Act) -> None:
    """Declining needs a reason on record, and counts as absent all the same."""
    act.stop_clock(CLOCK, cancelled=True)
    called.declined_why = facts.explanation
    if not called.missed:
        called.missed = True
        act.add_facts(missed=True)
    act.tell_role(act.matter.desk, "supervisor")


@procedure.action(
    at="present",
    to="=",
    by=DEPARTMENT,
    label=_("Add to the joint record"),
    past="supplemented",
    happened=_("Added to the joint record"),
)
def supplement(called: WhistleCall, facts: Supplement, act: Act) -> None:
    """Departments add what they found to what the whistler wrote."""
    act.attach(act.refs.get("pictures", []), Attachment.Purpose.DOCUMENT, Audience.PARTIES)
    act.tell_role(act.matter.desk, "supervisor")


@procedure.action(
    at=("present", "was_present"),
    to="=",
    by=WHISTLER,
    label=_("Rate the department"),
    past="rated",
    happened=_("Rated by who whistled"),
    audience=Audience.PUBLIC,
)
def rate(called: WhistleCall, facts: RateDepartment, act: Act) -> None:
    """Who whistled rates each department that came; after the end a rating stands."""
    if act.matter.closed_at is not None and called.rated_at is not None:
        raise InvalidFacts({"__all__": [gettext("It was rated; the whistle has ended.")]})
    called.on_time, called.worked = facts.on_time, facts.worked
    called.result, called.rated_at = facts.result, act.now
    act.tell_role(act.matter.responsible, "handler")


@procedure.action(
    at=("present", "declined", "was_present", "absent"),
    to="=",
    by=DEPARTMENT,
    label=_("Judge the whistle"),
    past="judged",
    happened=_("The department judged the whistle"),
)
def judge(called: WhistleCall, facts: JudgeWhistle, act: Act) -> None:
    """Departments judge the whistle: was it justified, was it clear. Shown apart."""
    if act.matter.closed_at is not None and called.judged_at is not None:
        raise InvalidFacts({"__all__": [gettext("You judged it; the whistle has ended.")]})
    called.justified, called.clear, called.judged_at = facts.justified, facts.clear, act.now
    act.tell_role(act.matter.desk, "supervisor")


@procedure.action(
    at="called",
    to="missing",
    by=SYSTEM,
    label=_("Clock ran out"),
    past="overdue",
    happened=_("Did not report in in time"),
    audience=Audience.PUBLIC,
    hidden=True,
)
def clock_ran_out(called: WhistleCall, facts: RanOut, act: Act) -> None:
    """Not there in time: shown to all who may see the whistle, and the level above is told."""
    clock = act.clocks.running(facts.clock)
    if clock is None or clock.overdue_at or clock.due_at > act.now:
        raise InvalidFacts({"clock": [gettext("This clock is not overdue.")]})
    act.clocks.note_overdue(clock)
    called.missed = True
    act.add_facts(missed=True, level=clock.level)
    act.tell_role(act.matter.responsible, "handler")
    act.tell_role(act.matter.desk, "supervisor")
    if act.pack.clocks[facts.clock].escalates and act.matter.responsible:
        act.tell_role(parent_of(act.matter.responsible), "supervisor")


@procedure.action(
    at=("called", "missing", "declined", "present"),
    to=("was_present", "absent", "called_off"),
    by=SYSTEM,
    label=_("End the call"),
    past="ended",
    happened=_("The whistle ended"),
    audience=Audience.PUBLIC,
    hidden=True,
)
def end(called: WhistleCall, facts: End, act: Act) -> None:
    """The whistle ended: who came was there; who was missed and never came is absent.

    Whose clock still ran is called off, and so is everyone when the whistle is withdrawn.
    """
    if act.matter.stage == "present":
        act.go_to("was_present")
    elif facts.withdrawn or act.matter.stage == "called":
        act.go_to("called_off")
    else:
        act.go_to("absent")
    act.tell_role(act.matter.responsible, "handler")


def _metres(called: WhistleCall, facts: ReportIn) -> int | None:
    """Return how far from where to meet somebody checked in, or None where either is unknown."""
    whistle = called.whistle
    there = (whistle.longitude, whistle.latitude, facts.longitude, facts.latitude)
    if None in there:
        return None
    east, north, here_east, here_north = (float(one or 0) for one in there)
    wide = (here_east - east) * math.cos(math.radians(north))
    return round(math.hypot(wide, here_north - north) * METRES_A_DEGREE)
