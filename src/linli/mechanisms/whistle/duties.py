"""What was agreed on site: each duty is carried out by one department, by a day, as its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Attachment, Audience
from linli.kernel.organisations.tree import parent_of
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.facts import NoFacts
from linli.mechanisms.whistle.facts import Agree, Done, Drop, NotDone, RanOut
from linli.mechanisms.whistle.stages import DEPARTMENT, OVERSEER, SYSTEM
from linli.mechanisms.whistle.stages import duty_procedure as procedure

if TYPE_CHECKING:
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.whistle.models import WhistleDuty

CLOCK = "duty"


@procedure.start(
    to="agreed",
    by=SYSTEM,
    label=_("Agree"),
    past="agreed",
    happened=_("Agreed at the whistle"),
    audience=Audience.PUBLIC,
)
def agree(duty: WhistleDuty, facts: Agree, act: Act) -> None:
    """The department agreed to it; the day named is its clock."""
    main = act.refs["whistle"]
    duty.whistle, duty.due_on = main.whistle, facts.by_when
    act.set(
        title=facts.what, text=facts.what, public_title=facts.what, audience=main.audience,
        desk=main.desk, responsible=act.refs["who"], area=main.area,
        address_text=main.address_text,
    )  # fmt: skip
    act.start_clock(CLOCK, until=facts.by_when)
    act.tell_role(act.refs["who"], "handler")


@procedure.action(
    at="agreed",
    to="reported_done",
    by=DEPARTMENT,
    label=_("Report it done"),
    past="reported_done",
    happened=_("Reported as done"),
    audience=Audience.PUBLIC,
)
def report_done(duty: WhistleDuty, facts: Done, act: Act) -> None:
    """The department says it is done and shows it; who whistled looks."""
    duty.done, duty.done_at = facts.text, act.now
    duty.late = act.today > duty.due_on
    act.attach(act.refs.get("pictures", []), Attachment.Purpose.AFTER, Audience.PARTIES)
    act.stop_clock(CLOCK)
    act.tell_role(act.matter.desk, "supervisor")


@procedure.action(
    at="reported_done",
    to="confirmed",
    by=OVERSEER,
    label=_("Confirm"),
    past="confirmed",
    happened=_("Confirmed by who whistled"),
    audience=Audience.PUBLIC,
)
def confirm(duty: WhistleDuty, facts: NoFacts, act: Act) -> None:
    """Who whistled has seen that it is done."""
    act.tell_role(act.matter.responsible, "handler")


@procedure.action(
    at="reported_done",
    to="agreed",
    by=OVERSEER,
    label=_("It is not done"),
    past="sent_back",
    happened=_("Sent back: not done yet"),
)
def send_back(duty: WhistleDuty, facts: NotDone, act: Act) -> None:
    """Not done: it runs on by the day that was agreed."""
    duty.done, duty.done_at = "", None
    act.start_clock(CLOCK, until=duty.due_on)
    act.tell_role(act.matter.responsible, "handler")


@procedure.action(
    at=("agreed", "reported_done"),
    to="dropped",
    by=OVERSEER,
    label=_("Drop it"),
    past="dropped",
    happened=_("Dropped"),
    audience=Audience.PUBLIC,
    confirm=_("The duty ends undone; the reason is published."),
    danger=True,
)
def drop(duty: WhistleDuty, facts: Drop, act: Act) -> None:
    """It need not be done any more, with a published reason."""
    act.tell_role(act.matter.responsible, "handler")


@procedure.action(
    at="agreed",
    to="=",
    by=SYSTEM,
    label=_("Clock ran out"),
    past="overdue",
    happened=_("The agreed day passed"),
    audience=Audience.PUBLIC,
    hidden=True,
)
def clock_ran_out(duty: WhistleDuty, facts: RanOut, act: Act) -> None:
    """The agreed day passed: the department, who whistled and the level above are told."""
    clock = act.clocks.running(facts.clock)
    if clock is None or clock.overdue_at or clock.due_at > act.now:
        raise InvalidFacts({"clock": [gettext("This clock is not overdue.")]})
    act.clocks.note_overdue(clock)
    duty.late = True
    act.tell_role(act.matter.responsible, "handler")
    act.tell_role(act.matter.desk, "supervisor")
    if act.pack.clocks[facts.clock].escalates and act.matter.responsible:
        act.tell_role(parent_of(act.matter.responsible), "supervisor")
