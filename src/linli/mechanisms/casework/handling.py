"""The unit: accept, reply with a promised date, keep it, solve."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Attachment, Audience
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.facts import NoFacts
from linli.mechanisms.casework.facts import Answer, ExtendPromise, Note, Question, Reply, Solve
from linli.mechanisms.casework.leading import (
    is_whole,
    refuse_for_part,
    refuse_while_parts_are_open,
)
from linli.mechanisms.casework.resting import run_on
from linli.mechanisms.casework.stages import (
    BEFORE_SOLVED,
    CALLER,
    DESK,
    OPEN_WITH_UNIT,
    REPORTER,
    SUPERVISOR,
    UNIT,
    procedure,
)

if TYPE_CHECKING:
    from datetime import date

    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest

LONGEST_PROMISE = timedelta(days=366)


@procedure.action(
    at="dispatched",
    to=("accepted", "in_hand"),
    by=UNIT,
    label=_("Accept"),
    past="accepted",
    happened=_("Accepted by the unit"),
)
def accept(request: ServiceRequest, facts: NoFacts, act: Act) -> None:
    """The unit takes it on; from here it may still return it, with a reason.

    A part is in hand at once: its reporter is answered by the lead unit.
    """
    act.stop_clock("accept")
    act.go_to("in_hand" if request.is_part else "accepted")


@procedure.action(
    at=("dispatched", "accepted"),
    to="in_hand",
    by=UNIT,
    label=_("Reply to the reporter"),
    past="replied",
    happened=_("Answered"),
    audience=Audience.PUBLIC,
    when=is_whole,
)
def reply(request: ServiceRequest, facts: Reply, act: Act) -> None:
    """What the unit tells the reporter, within the response deadline.

    A promised day becomes the clock for solving; without one the pack's duration runs.
    """
    refuse_for_part(request)
    if facts.promised_on:
        check_promise(act, facts.promised_on, "promised_on")
    note_answer(request, act)
    request.reply, request.replied_at = facts.text, act.now
    request.promised_on = facts.promised_on
    act.stop_clock("accept")
    act.stop_clock("reply")
    act.start_clock("solve", until=facts.promised_on)
    if facts.promised_on:
        act.add_facts(promise="made")
    act.tell(request.reporter, promised_on=facts.promised_on)


@procedure.action(
    at="in_hand",
    to="=",
    by=UNIT,
    label=_("Tell how it stands"),
    past="informed",
    happened=_("Progress"),
    audience=Audience.PUBLIC,
)
def inform(request: ServiceRequest, facts: Reply, act: Act) -> None:
    """Progress for the reporter and the public; a first promise may be given here."""
    if facts.promised_on and request.promised_on is None:
        check_promise(act, facts.promised_on, "promised_on")
        request.promised_on = facts.promised_on
        act.start_clock("solve", until=facts.promised_on)
        act.add_facts(promise="made")
    elif facts.promised_on and facts.promised_on != request.promised_on:
        raise InvalidFacts(
            {"promised_on": [gettext("A date was promised. To move it, extend it with a reason.")]}
        )
    act.tell(request.reporter)


@procedure.action(
    at="in_hand",
    to="=",
    by=UNIT,
    label=_("Move the promised date"),
    past="extended",
    happened=_("The promised date was moved"),
    audience=Audience.PUBLIC,
)
def extend_promise(request: ServiceRequest, facts: ExtendPromise, act: Act) -> None:
    """A promise may be moved once, with a reason the reporter reads."""
    if request.promise_moved:
        raise InvalidFacts({"until": [gettext("The date was already moved once; it stays.")]})
    check_promise(act, facts.until, "until")
    if request.promised_on and facts.until <= request.promised_on:
        sentence = gettext("The new date must be later than the promised one.")
        raise InvalidFacts({"until": [sentence]})
    was = request.promised_on.isoformat() if request.promised_on else None
    act.add_facts(was=was, promise="made")
    request.promised_on, request.promise_moved = facts.until, True
    act.extend_clock("solve", facts.until)  # the same clock: it keeps the level it climbed to
    act.tell(request.reporter, promised_on=facts.until)


@procedure.action(
    at=("in_hand", "on_account"),
    to="solved",
    by=UNIT,
    label=_("Report it done"),
    past="solved",
    happened=_("The unit reports it done"),
    audience=Audience.PUBLIC,
    when=is_whole,
)
def solve(request: ServiceRequest, facts: Solve, act: Act) -> None:
    """The unit says it is done and shows it; only the reporter decides whether it is solved.

    Not before the other units are done with their parts (see `casework.parts`).
    """
    refuse_for_part(request)
    refuse_while_parts_are_open(act.matter)
    note_solution(request, act)
    request.solution, request.solved_at = facts.text, act.now
    if act.matter.stage == "on_account":
        run_on(request, act)
    if request.promised_on and act.today > request.promised_on:
        request.promise_broken = True
    if (clock := act.clocks.running("solve")) and clock.promised and not clock.overdue_at:
        act.add_facts(promise=act.clocks.outcome("solve"))
    act.attach(act.refs.get("before", []), Attachment.Purpose.BEFORE, Audience.PUBLIC)
    act.attach(act.refs.get("after", []), Attachment.Purpose.AFTER, Audience.PUBLIC)
    act.stop_clock("solve")
    act.start_clock("ask")
    act.tell(request.reporter, page="rating")
    act.tell_role(act.matter.desk, "caller")


@procedure.action(
    at=OPEN_WITH_UNIT,
    to="=",
    by=UNIT + DESK,
    label=_("Ask the reporter"),
    past="asked",
    happened=_("A question to the reporter"),
    when=is_whole,
)
def ask_reporter(request: ServiceRequest, facts: Question, act: Act) -> None:
    """The clocks rest until the reporter answers."""
    refuse_for_part(request)
    request.asked = facts.text
    act.pause_clocks()
    act.tell(request.reporter)


@procedure.action(
    at=(*BEFORE_SOLVED, "solved"),
    to="=",
    by=REPORTER,
    label=_("Add something"),
    past="answered",
    happened=_("The reporter added something"),
)
def answer(request: ServiceRequest, facts: Answer, act: Act) -> None:
    """The reporter answers a question or adds something; resting clocks run on."""
    if request.asked:
        request.asked = ""
        act.resume_clocks()
    act.attach(act.refs.get("pictures", []), Attachment.Purpose.REPORT, Audience.PARTIES)
    act.tell_role(act.matter.responsible or act.matter.desk, "handler")


@procedure.action(
    at=(*BEFORE_SOLVED, "solved", "appealed", "closed", "referred", "withdrawn"),
    to="=",
    by=(*UNIT, *DESK, *CALLER, *SUPERVISOR, "area.grid_worker"),
    label=_("Add a note"),
    past="noted",
    happened=_("Note"),
    audience=Audience.STAFF,
)
def note(request: ServiceRequest, facts: Note, act: Act) -> None:
    """A note for colleagues; neither the reporter nor the public sees it."""


def note_answer(request: ServiceRequest, act: Act) -> None:
    """Note in the event whether it is the first answer, and how the clock for it ended.

    With the first answer goes how much working time it took since the report.
    ``reply_clock`` is "kept" or "broken"; absent when no clock ran, or when the event that noted
    it as overdue has said so already: each clock is counted once.
    """
    if request.first_replied_at is None:
        request.first_replied_at = act.now
        act.add_facts(first=True, reply_minutes=act.working_minutes(act.matter.created_at))
    clock = act.clocks.running("reply")
    if clock is not None and clock.overdue_at is None:
        act.add_facts(reply_clock=act.clocks.outcome("reply"))


def note_solution(request: ServiceRequest, act: Act) -> None:
    """Note how much working time it took since the report until it was first reported done."""
    if request.solved_at is None:
        act.add_facts(solve_minutes=act.working_minutes(act.matter.created_at))


def check_promise(act: Act, day: date, field: str) -> None:
    """Raise InvalidFacts unless a day can be promised: today or later, within a year."""
    today = act.today
    if day < today:
        raise InvalidFacts({field: [gettext("This day has passed.")]})
    if day > today + LONGEST_PROMISE:
        raise InvalidFacts({field: [gettext("Please promise a day within a year.")]})
