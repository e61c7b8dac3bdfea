"""One measure of a plan: done by one unit, by a day, with evidence, and looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Attachment, Audience
from linli.kernel.procedures.facts import NoFacts
from linli.mechanisms.casework.monthly_topics.carrying_out import tell_late
from linli.mechanisms.casework.monthly_topics.facts import (
    Done,
    DropMeasure,
    NotDone,
    Plan,
    RanOut,
)
from linli.mechanisms.casework.monthly_topics.stages import CHOOSER, MEASURE_CLOCK, SYSTEM, UNIT
from linli.mechanisms.casework.monthly_topics.stages import measure_procedure as procedure

if TYPE_CHECKING:
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.monthly_topics.models import Measure


@procedure.start(
    to=("planned", "open"),
    by=SYSTEM,
    label=_("Plan a measure"),
    past="planned",
    happened=_("Planned"),
    audience=Audience.STAFF,
)
def plan(measure: Measure, facts: Plan, act: Act) -> None:
    """Planned until the plan is public; added to a public plan, it is to be done at once."""
    main = act.refs["main"]
    measure.main, measure.due_on = main.monthlytopic, facts.by_when
    act.set(
        title=facts.what, text=facts.what, public_title=facts.what, audience=Audience.STAFF,
        desk=main.desk, responsible=act.refs["who"], area=main.area, category=main.category,
    )  # fmt: skip
    if main.stage == "under_way":
        act.go_to("open")
        _open(measure, act)
    else:
        act.go_to("planned")


@procedure.action(
    at="planned",
    to="open",
    by=SYSTEM,
    label=_("Open"),
    past="opened",
    happened=_("To be done from now on"),
    audience=Audience.PUBLIC,
    hidden=True,
)
def open_up(measure: Measure, facts: NoFacts, act: Act) -> None:
    """The plan is public: the unit is told, and the day set is its clock."""
    _open(measure, act)


def _open(measure: Measure, act: Act) -> None:
    act.set(audience=Audience.PUBLIC)
    act.start_clock(MEASURE_CLOCK, until=measure.due_on, promise=False)
    act.tell_role(act.matter.responsible, "handler", template="monthly_measure.opened")


@procedure.action(
    at="open",
    to="reported_done",
    by=UNIT,
    label=_("Report it done"),
    past="reported_done",
    happened=_("Reported as done"),
    audience=Audience.PUBLIC,
)
def report_done(measure: Measure, facts: Done, act: Act) -> None:
    """The unit says it is done and shows it; who chose the topic looks."""
    measure.done, measure.done_at = facts.text, act.now
    measure.late = act.today > measure.due_on
    act.attach(act.refs.get("pictures", []), Attachment.Purpose.AFTER, Audience.PARTIES)
    act.stop_clock(MEASURE_CLOCK)
    act.tell_role(act.matter.desk, "supervisor")


@procedure.action(
    at="reported_done",
    to="confirmed",
    by=CHOOSER,
    label=_("Confirm"),
    past="confirmed",
    happened=_("Looked at, and done"),
    audience=Audience.PUBLIC,
)
def confirm(measure: Measure, facts: NoFacts, act: Act) -> None:
    """Somebody other than the unit has seen that it is done; only then it counts."""
    act.tell_role(act.matter.responsible, "handler")


@procedure.action(
    at="reported_done",
    to="open",
    by=CHOOSER,
    label=_("It is not done"),
    past="sent_back",
    happened=_("Sent back: not done yet"),
)
def send_back(measure: Measure, facts: NotDone, act: Act) -> None:
    """Not done: it runs on by the day that was set."""
    measure.done, measure.done_at = "", None
    act.start_clock(MEASURE_CLOCK, until=measure.due_on, promise=False)
    act.tell_role(act.matter.responsible, "handler")


@procedure.action(
    at=("planned", "open", "reported_done"),
    to="dropped",
    by=CHOOSER,
    label=_("Drop it"),
    past="dropped",
    happened=_("Dropped"),
    audience=Audience.PUBLIC,
    confirm=_("The measure ends undone; the reason stands with it."),
    danger=True,
)
def drop(measure: Measure, facts: DropMeasure, act: Act) -> None:
    """It need not be done any more."""
    act.tell_role(act.matter.responsible, "handler")


@procedure.action(
    at=("planned", "open", "reported_done"),
    to="dropped",
    by=SYSTEM,
    label=_("End with the topic"),
    past="ended",
    happened=_("Ended, as its topic was dropped"),
    audience=Audience.PUBLIC,
    hidden=True,
)
def end(measure: Measure, facts: NoFacts, act: Act) -> None:
    """The topic was dropped: nothing is to be done for it any more."""
    act.tell_role(act.matter.responsible, "handler", template="monthly_measure.dropped")


@procedure.action(
    at="open",
    to="=",
    by=SYSTEM,
    label=_("Clock ran out"),
    past="overdue",
    happened=_("The day set passed"),
    audience=Audience.PUBLIC,
    hidden=True,
)
def clock_ran_out(measure: Measure, facts: RanOut, act: Act) -> None:
    """The day passed: the unit, who chose the topic and the level above are told."""
    tell_late(facts.clock, act)
    measure.late = True
