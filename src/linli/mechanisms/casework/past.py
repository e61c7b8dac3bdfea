"""What happened before Linli: requests and answers brought in from earlier records.

Nothing is made up. A request is dated when it was said, an answer when it was given; who sent it
to whom in between is not in the record, so no such event is written, and nobody is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field, StringConstraints

from linli.kernel.matters.models import Audience
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.facts import (
    Facts,
    OrganisationRef,
    PersonalLine,
    Says,
    VisibleTo,
)
from linli.mechanisms.casework.facts import Report
from linli.mechanisms.casework.handling import note_answer
from linli.mechanisms.casework.intake import guest_of, write_down
from linli.mechanisms.casework.questions import keep_answers
from linli.mechanisms.casework.stages import SYSTEM, procedure

if TYPE_CHECKING:
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest

# What others wrote long ago is taken as it is, so it may be longer than what is typed today.
LONGEST = 20_000
_long = StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)
_code = StringConstraints(strip_whitespace=True, min_length=1, max_length=60)
Channel = Literal["web", "phone", "visit", "letter", "wechat", "import"]


class PastReport(Report):
    """What someone said before Linli, as the earlier record has it."""

    text: Annotated[
        str, _long, VisibleTo(Audience.PARTIES, personal=True), Says(_("What was said"))
    ]
    headline: Annotated[PersonalLine | None, Says(_("Title"))] = None
    source: Annotated[str, _code, Says(_("Earlier record")), VisibleTo(Audience.STAFF)]
    source_id: Annotated[str, _code, Says(_("Number there")), VisibleTo(Audience.STAFF)]
    channel: Annotated[Channel, Says(_("How it came")), VisibleTo(Audience.PARTIES)] = "import"
    likes: Annotated[int, Field(ge=0), Says(_("Supported by")), VisibleTo(Audience.PUBLIC)] = 0
    publish: Annotated[bool, Says(_("Show on the public board")), VisibleTo(Audience.STAFF)] = False
    running: Annotated[bool, Says(_("Deadlines run")), VisibleTo(Audience.STAFF)] = False


class PastAnswer(Facts):
    """What the reporter was told before Linli, and by which unit."""

    text: Annotated[str, _long, VisibleTo(Audience.PUBLIC), Says(_("Reply"))]
    unit: Annotated[OrganisationRef, Says(_("Unit")), VisibleTo(Audience.PUBLIC)]


@procedure.start(
    to="received",
    by=SYSTEM,
    label=_("Bring in"),
    past="brought_in",
    happened=_("Brought in from earlier records"),
)
def bring_in(request: ServiceRequest, facts: PastReport, act: Act) -> None:
    """A request from an earlier record, dated when it was said; nobody is told.

    Deadlines run, from that day on, only for what was still being worked on: for the rest they
    were another system's, and finding thousands of them missed would tell nobody anything.
    """
    keep_answers(request, facts, act, all_of_them=False)
    write_down(act, facts, guest_of(facts))
    act.matter.channel = facts.channel
    if facts.headline:
        act.set(title=facts.headline)
    if facts.publish:
        act.set(audience=Audience.PUBLIC)
        act.set(public_title=act.matter.title, public_text=facts.text)
    if facts.running:
        act.start_clock("triage")
        act.start_clock("reply")


@procedure.action(
    at="received",
    to=("closed", "in_hand"),
    by=SYSTEM,
    label=_("Bring in an answer"),
    past="answered_before",
    happened=_("Answered, as earlier records say"),
    audience=Audience.PUBLIC,
    hidden=True,
)
def bring_in_answer(request: ServiceRequest, facts: PastAnswer, act: Act) -> None:
    """The answer given then, measured against the deadline that a report of that day has.

    It ends what is history: nobody asked the reporter, so it counts neither as solved nor as
    satisfied, and can be opened again. What was still being worked on stays in hand.
    """
    said_at = act.matter.created_at
    if act.now < said_at:
        raise InvalidFacts({"__all__": [gettext("The answer is dated before the request.")]})
    unit = act.refs["unit"]
    act.set(responsible=unit)
    act.acting_responsible_id = unit.pk
    request.first_unit = unit
    running = act.clocks.running("reply") is not None
    if not running:
        act.start_clock("reply", since=said_at)
    note_answer(request, act)
    request.reply, request.replied_at = facts.text, act.now
    act.stop_clock("triage")
    act.stop_clock("reply")
    act.go_to("in_hand" if running else "closed")
    if running:
        act.start_clock("solve")
