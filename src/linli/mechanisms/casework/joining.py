"""Linking, joining duplicates, splitting: the work is shared, each reporter keeps an own clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.relations import SYSTEM as LINLI
from linli.kernel.events.subscriptions import subscribe
from linli.kernel.matters.models import Audience, Matter, MatterLink, Participant
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.facts import Facts, MatterRef, NoFacts, PublicText
from linli.kernel.procedures.performing import begin, perform
from linli.mechanisms.casework.facts import Link, Merge, Split
from linli.mechanisms.casework.handling import note_answer
from linli.mechanisms.casework.stages import (
    BEFORE_SOLVED,
    DESK,
    SYSTEM,
    UNIT,
    procedure,
)

if TYPE_CHECKING:
    from linli.kernel.events.models import Event
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest

# What is on the public account leaves it only as `account` says.
NOT_JOINED = tuple(stage for stage in BEFORE_SOLVED if stage not in ("joined", "on_account"))


class Followed(Facts):
    """What the matter it was joined to was told."""

    text: PublicText
    number: MatterRef


@procedure.action(
    at=(*BEFORE_SOLVED, "solved"),
    to="=",
    by=UNIT + DESK,
    label=_("Link to another matter"),
    past="linked",
    happened=_("Linked to another matter"),
    audience=Audience.STAFF,
)
def link(request: ServiceRequest, facts: Link, act: Act) -> None:
    """The two are seen together from now on."""
    other = _other(act, "other")
    act.link(MatterLink.Kind.RELATED_TO, other)


@procedure.action(
    at=NOT_JOINED,
    to="joined",
    by=DESK,
    label=_("Join to another matter"),
    past="joined",
    happened=_("Handled together with another matter"),
    confirm=_("The work is shared; this reporter keeps an own clock and an own rating."),
)
def merge(request: ServiceRequest, facts: Merge, act: Act) -> None:
    """A duplicate: its work is done in the other matter, what is answered there is passed on."""
    main = _other(act, "into")
    if main.procedure != act.procedure.name or main.stage == "joined" or not main.is_open:
        raise InvalidFacts(
            {"into": [gettext("It can only be joined to an open matter of its own kind.")]}
        )
    if MatterLink.objects.filter(target=act.matter, kind=MatterLink.Kind.DUPLICATE_OF).exists():
        raise InvalidFacts({"into": [gettext("Other matters are joined to this one.")]})
    act.stop_clock("triage", cancelled=True)
    act.stop_clock("accept", cancelled=True)
    act.set(responsible=main.responsible)
    act.link(MatterLink.Kind.DUPLICATE_OF, main)
    act.tell(request.reporter)


@procedure.action(
    at="joined",
    to="received",
    by=DESK,
    label=_("Part again"),
    past="parted",
    happened=_("Handled on its own again"),
)
def part(request: ServiceRequest, facts: NoFacts, act: Act) -> None:
    """It was no duplicate after all: back to the desk with its own clock."""
    MatterLink.objects.filter(source=act.matter, kind=MatterLink.Kind.DUPLICATE_OF).delete()
    act.set(responsible=None)
    act.start_clock("triage")


@procedure.action(
    at=NOT_JOINED,
    to="=",
    by=UNIT + DESK,
    label=_("Split"),
    past="split",
    happened=_("A second wish became a matter of its own"),
    audience=Audience.STAFF,
)
def split(request: ServiceRequest, facts: Split, act: Act) -> None:
    """One message with two wishes becomes two linked matters of the same reporter."""
    event = begin(
        procedure.name,
        "split_off",
        community=act.matter.community,
        by=LINLI,
        facts=facts,
        channel=act.matter.channel,
        at=act.now,
        reporter=act.matter.reporter,
    )
    second = event.matter
    act.link(MatterLink.Kind.RELATED_TO, second)
    act.add_facts(second=second.number)
    if act.matter.reporter is not None:
        Participant.objects.get_or_create(
            matter=second, person=act.matter.reporter, role=Participant.Role.REPORTER
        )


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
    act.stop_clock("reply")
    act.tell(request.reporter, template="casework.replied")


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
    request.solution, request.solved_at = facts.text, act.now
    act.stop_clock("reply")
    act.start_clock("ask")
    act.tell(request.reporter, template="casework.solved", page="rating")


@subscribe("casework.replied")
def pass_on_reply(event: Event) -> None:
    """Answer everyone whose matter was joined to this one."""
    _pass_on(event, "follow_reply")


@subscribe("casework.solved")
def pass_on_solution(event: Event) -> None:
    """Ask everyone whose matter was joined to this one."""
    _pass_on(event, "follow_solution")


def _pass_on(event: Event, action: str) -> None:
    joined = Matter.objects.filter(
        links_out__target_id=event.matter_id,
        links_out__kind=MatterLink.Kind.DUPLICATE_OF,
        stage="joined",
    )
    for matter in joined:
        facts = {"text": event.facts["text"], "number": event.matter.number}
        perform(matter, action, by=LINLI, facts=facts, at=event.at)


def _other(act: Act, field: str) -> Matter:
    other: Matter = act.refs[field]
    if other.pk == act.matter.pk:
        raise InvalidFacts({field: [gettext("This is the number of the matter itself.")]})
    return other
