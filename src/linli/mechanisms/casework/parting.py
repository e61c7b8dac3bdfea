"""Taking apart what was joined: each matter has its own stage, unit, clocks and answer back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from django.utils.translation import gettext_lazy as _

from linli.kernel.access.relations import SYSTEM as LINLI
from linli.kernel.deadlines.models import Clock
from linli.kernel.events.models import Event
from linli.kernel.events.subscriptions import subscribe
from linli.kernel.matters.models import Audience, Matter, MatterLink
from linli.kernel.organisations.models import Organisation
from linli.kernel.procedures.facts import Facts, MatterRef, VisibleTo
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.facts import Part
from linli.mechanisms.casework.following import FollowedUnit, joined_to, tell_one
from linli.mechanisms.casework.stages import DESK, NOT_JOINED, SYSTEM, procedure

if TYPE_CHECKING:
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest

BEGAN = ("casework.joined", "casework.supported")
CLOCK_OF = {"received": "triage", "dispatched": "accept", "in_hand": "solve"}


@procedure.action(
    at="joined",
    to=NOT_JOINED,
    by=DESK,
    label=_("Part again"),
    past="parted",
    happened=_("Handled on its own again"),
)
def part(request: ServiceRequest, facts: Part, act: Act) -> None:
    """It was no duplicate after all: it stands again where it stood before it was joined.

    Clocks that rested run on with the working time they had left. An answer passed on from the
    other matter was none to this one, so the clock for the answer runs again, to the day it was
    due from the beginning: the reporter has been waiting all the while.
    """
    joined = Event.objects.filter(matter=act.matter, kind__in=BEGAN).order_by("-seq").first()
    before = joined.facts if joined else {}
    stage = (joined.from_stage if joined else "") or "received"  # whoever supported had none
    _let_go(act.matter)
    unit = _standing(before.get("was_with"), act)
    act.set(responsible=unit)
    lost = stage not in ("received", "disputed") and unit is None  # dissolved meanwhile
    act.go_to("received" if lost else stage)
    for name in before.get("rested", []):
        if not lost or name == "triage":
            act.restart_clock(name, rested=True)
    if act.to_stage == "received" and act.clocks.running("triage") is None:
        act.start_clock("triage")
    if joined is not None:
        _take_back_the_answer(request, joined, act)
    act.tell(request.reporter)


def _standing(uuid: str | None, act: Act) -> Organisation | None:
    standing = Organisation.objects.standing().filter(community=act.matter.community)
    return standing.filter(uuid=uuid).first() if uuid else None


def _let_go(matter: Matter) -> None:
    MatterLink.objects.filter(source=matter, kind=MatterLink.Kind.DUPLICATE_OF).delete()


def _take_back_the_answer(request: ServiceRequest, joined: Event, act: Act) -> None:
    since = Event.objects.filter(matter=act.matter, seq__gt=joined.seq)
    told = since.filter(kind="casework.replied_together").order_by("seq").first()
    before = Event.objects.filter(matter=act.matter, seq__lt=joined.seq)
    own = before.filter(kind="casework.replied").order_by("-seq").first()
    promised = joined.facts.get("was_promised")
    request.promised_on = date.fromisoformat(promised) if promised else None
    if told is None:
        return
    request.reply = own.facts["text"] if own else ""
    request.replied_at = own.at if own else None
    last = Clock.objects.filter(matter=act.matter, name="reply").order_by("-pk").first()
    if last is None:
        act.start_clock("reply", since=joined.at)
    elif last.stopped_at is not None and last.stopped_at >= told.at:
        act.restart_clock("reply", rested=False)


# --- when the main matter is taken back --------------------------------------------------------
class Lead(Facts):
    """Which matter was taken back, and where it stood."""

    number: MatterRef
    stage: Annotated[
        Literal["received", "disputed", "dispatched", "accepted", "in_hand"],
        VisibleTo(Audience.STAFF),
    ]


@procedure.action(
    at="joined",
    to=NOT_JOINED,
    by=SYSTEM,
    label=_("Take the lead"),
    past="led_on",
    happened=_("The matter it was joined to was taken back; this one is worked on instead"),
    audience=Audience.STAFF,
    hidden=True,
)
def take_the_lead(request: ServiceRequest, facts: Lead, act: Act) -> None:
    """The reporter of the main matter took it back, the trouble is still there: work goes on here.

    What the desk wrote for the public goes with the work.
    """
    main = act.refs["number"]
    _let_go(act.matter)
    act.set(responsible=main.responsible, category=main.category or act.matter.category)
    if main.audience == Audience.PUBLIC:
        act.set(
            audience=Audience.PUBLIC, public_title=main.public_title, public_text=main.public_text
        )
    for place in ("area", "longitude", "latitude"):
        if getattr(act.matter, place) is None:
            act.set(**{place: getattr(main, place)})
    request.first_unit = request.first_unit or main.servicerequest.first_unit
    act.go_to(facts.stage)
    name = CLOCK_OF.get(facts.stage)
    if name and act.clocks.running(name) is None:
        promised = request.promised_on if name == "solve" else None
        act.start_clock(name, until=promised)


@procedure.action(
    at="joined",
    to="=",
    by=SYSTEM,
    label=_("Go over to another matter"),
    past="moved_over",
    happened=_("Handled together with another matter"),
    audience=Audience.STAFF,
    hidden=True,
)
def move_over(request: ServiceRequest, facts: FollowedUnit, act: Act) -> None:
    """The matter it was joined to was taken back; it goes with the one that leads now."""
    main = act.refs["number"]
    _let_go(act.matter)
    act.link(MatterLink.Kind.DUPLICATE_OF, main)
    act.set(responsible=main.responsible)


@subscribe("casework.withdrawn")
def let_another_lead(event: Event) -> None:
    """Of those joined to a matter that was taken back, the first leads, the others follow it."""
    joined = list(joined_to(event.matter).order_by("pk"))
    if not joined:
        return
    first, *others = joined
    facts = {"number": event.matter.number, "stage": event.from_stage}
    perform(first, "take_the_lead", by=LINLI, facts=facts, at=event.at)
    for matter in others:
        tell_one(matter, "move_over", {"number": first.number}, event.at)
