"""What happens to the main matter reaches everyone whose matter was joined to it.

Each is answered, told and asked in the own matter, against the own clock. The first `AT_ONCE` in
the same transaction; the rest by a task that waits in the database beside the event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.utils.translation import gettext_lazy as _
from django_tasks import task

from linli.kernel.access.relations import SYSTEM as LINLI
from linli.kernel.events.models import Event
from linli.kernel.events.subscriptions import subscribe
from linli.kernel.matters.models import Audience, Matter, MatterLink
from linli.kernel.procedures.errors import WrongStage
from linli.kernel.procedures.facts import (
    Facts,
    MatterRef,
    PromisedDate,
    PublicText,
    Says,
)
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.handling import note_answer, note_solution
from linli.mechanisms.casework.stages import SYSTEM, procedure

if TYPE_CHECKING:
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest

AT_ONCE, A_TASK = 20, 100
FOLLOWS = {
    "casework.replied": "follow_reply",
    "casework.informed": "follow_progress",
    "casework.extended": "follow_progress",
    "casework.solved": "follow_solution",
    "casework.closed": "follow_closing",
    "casework.referred": "follow_referral",
    "casework.dispatched": "follow_unit",
    "casework.assigned": "follow_unit",
    "casework.returned": "follow_unit",
}


class Followed(Facts):
    """What the matter it was joined to was told."""

    text: Annotated[PublicText, Says(_("Text"))]
    number: MatterRef
    promised_on: Annotated[PromisedDate | None, Says(_("Solved by"))] = None


class FollowedUnit(Facts):
    """Which matter it was joined to."""

    number: MatterRef


@procedure.action(
    at="joined",
    to="=",
    by=SYSTEM,
    label=_("Pass on the reply"),
    past="replied_together",
    happened=_("Answered"),
    audience=Audience.PUBLIC,
    hidden=True,
)
def follow_reply(request: ServiceRequest, facts: Followed, act: Act) -> None:
    """The reply given in the main matter answers this reporter too."""
    act.set(responsible=act.refs["number"].responsible)
    note_answer(request, act)
    request.reply, request.replied_at = facts.text, act.now
    request.promised_on = facts.promised_on or request.promised_on
    act.stop_clock("reply")
    act.tell(request.reporter, template="casework.replied", promised_on=facts.promised_on)


@procedure.action(
    at="joined",
    to="=",
    by=SYSTEM,
    label=_("Pass on how it stands"),
    past="informed_together",
    happened=_("Progress"),
    audience=Audience.PUBLIC,
    hidden=True,
)
def follow_progress(request: ServiceRequest, facts: Followed, act: Act) -> None:
    """What is told of the work, and a promised date that is given or moved, is told here too."""
    request.promised_on = facts.promised_on or request.promised_on
    act.tell(request.reporter, template="casework.informed", promised_on=facts.promised_on)


@procedure.action(
    at="joined",
    to="solved",
    by=SYSTEM,
    label=_("Pass on that it is done"),
    past="solved_together",
    happened=_("The unit reports it done"),
    audience=Audience.PUBLIC,
    hidden=True,
)
def follow_solution(request: ServiceRequest, facts: Followed, act: Act) -> None:
    """Done in the main matter: this reporter is asked too, and rates alone."""
    act.set(responsible=act.refs["number"].responsible)
    note_solution(request, act)
    request.solution, request.solved_at = facts.text, act.now
    if request.promised_on and act.today > request.promised_on:
        request.promise_broken = True
    act.stop_clock("reply")
    act.stop_clock("solve")
    act.start_clock("ask")
    act.tell(request.reporter, template="casework.solved", page="rating")


@procedure.action(
    at="joined",
    to="closed",
    by=SYSTEM,
    label=_("Pass on that it is closed"),
    past="closed_together",
    happened=_("Closed by the desk"),
    hidden=True,
)
def follow_closing(request: ServiceRequest, facts: Followed, act: Act) -> None:
    """The desk closed the main matter: the reason given there holds here."""
    act.tell(request.reporter, template="casework.closed")


@procedure.action(
    at="joined",
    to="referred",
    by=SYSTEM,
    label=_("Pass on where it belongs"),
    past="referred_together",
    happened=_("Referred to another authority"),
    hidden=True,
)
def follow_referral(request: ServiceRequest, facts: Followed, act: Act) -> None:
    """The main matter belongs to another authority: so does this one."""
    act.tell(request.reporter, template="casework.referred")


@procedure.action(
    at="joined",
    to="=",
    by=SYSTEM,
    label=_("Go with the main matter"),
    past="sent_together",
    happened=_("The matter it was joined to is with another unit"),
    audience=Audience.STAFF,
    hidden=True,
)
def follow_unit(request: ServiceRequest, facts: FollowedUnit, act: Act) -> None:
    """Whoever answers for the main matter answers for this one."""
    act.set(responsible=act.refs["number"].responsible)


def pass_on(event: Event) -> None:
    """Do for everyone joined to the matter of an event what the event did for the matter."""
    _pass_on(event, after=0, most=AT_ONCE)


for _kind in FOLLOWS:
    subscribe(_kind)(pass_on)


@task()
def pass_on_to_the_rest(event: str, after: int) -> None:
    """Go on where the transaction of an event left off; what was done is not done again."""
    found = Event.objects.select_related("matter").get(uuid=event)
    _pass_on(found, after, A_TASK)


def _pass_on(event: Event, after: int, most: int) -> None:
    rows = joined_to(event.matter).filter(pk__gt=after).order_by("pk")
    if after:  # who joined meanwhile has heard it in joining
        rows = rows.filter(links_out__created_at__lte=event.at)
    matters = list(rows[: most + 1])
    facts = told_by(event, FOLLOWS[event.kind])
    for matter in matters[:most]:
        key = f"{event.uuid}:{matter.uuid}" if after else None
        tell_one(matter, FOLLOWS[event.kind], facts, event.at, key)
    if len(matters) > most:
        pass_on_to_the_rest.enqueue(str(event.uuid), matters[most - 1].pk)


def tell_one(
    matter: Matter, action: str, facts: dict[str, Any], at: Any, key: str | None = None
) -> None:
    """Perform an action on one joined matter, unless it was parted or taken back meanwhile."""
    try:
        perform(matter, action, by=LINLI, facts=facts, at=at, key=key)
    except WrongStage:
        return


def told_by(event: Event, action: str) -> dict[str, Any]:
    """Return what an event of the main matter says to those joined to it."""
    told = event.facts
    facts: dict[str, Any] = {"number": event.matter.number}
    if action == "follow_unit":
        return facts
    facts["text"] = told.get("text") or told.get("explanation")
    if promised := told.get("promised_on") or told.get("until"):
        facts["promised_on"] = promised
    return facts


def joined_to(matter: Matter) -> Any:
    """Return the matters that are handled together with one now."""
    return Matter.objects.filter(
        links_out__target=matter,
        links_out__kind=MatterLink.Kind.DUPLICATE_OF,
        stage="joined",
    )


# --- coming late -------------------------------------------------------------------------------
@subscribe("casework.joined")
@subscribe("casework.supported")
def hear_the_answer(event: Event) -> None:
    """Whoever joins a matter that has its answer already hears it at once."""
    link = MatterLink.objects.filter(source=event.matter, kind=MatterLink.Kind.DUPLICATE_OF)
    main = link.select_related("target__servicerequest").get().target
    request = main.servicerequest
    if not request.reply:
        return
    facts = {"number": main.number, "text": request.reply, "promised_on": request.promised_on}
    perform(event.matter, "follow_reply", by=LINLI, facts=facts, at=event.at)
