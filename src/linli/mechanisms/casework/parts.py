"""One request, several units: a lead unit hands out parts and is done when they are.

The reporter deals with the lead unit alone. A part is a request of its own, one level deep: its
unit accepts, returns, promises and is urged like any other, but it is not rated, and what is done
is told to the lead unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.relations import SYSTEM as LINLI
from linli.kernel.events.subscriptions import subscribe
from linli.kernel.matters.models import Attachment, Audience, MatterLink
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.facts import (
    Facts,
    MatterRef,
    OrganisationRef,
    Says,
    StaffText,
    VisibleTo,
)
from linli.kernel.procedures.performing import begin, perform
from linli.mechanisms.casework.facts import Solve
from linli.mechanisms.casework.intake import title_of
from linli.mechanisms.casework.leading import (
    is_whole,
    lead_of,
    open_parts_of,
    parts_of,
    refuse_for_part,
)
from linli.mechanisms.casework.stages import (
    BEFORE_SOLVED,
    DESK,
    OPEN_WITH_UNIT,
    SYSTEM,
    UNIT,
    procedure,
)

if TYPE_CHECKING:
    from linli.kernel.events.models import Event
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest

MOST_PARTS = 20


class HandOut(Facts):
    """Which unit does what part of it."""

    to: Annotated[OrganisationRef, Says(_("Unit")), VisibleTo(Audience.STAFF)]
    text: Annotated[StaffText, Says(_("What this unit has to do"))]


class Part(HandOut):
    """A part as it begins: also which request it belongs to."""

    lead: MatterRef


class DoWithout(Facts):
    """Which part is given up, and why."""

    part: Annotated[MatterRef, Says(_("Number of the part"))]
    reason: Annotated[StaffText, Says(_("Why it is not needed any more"))]


class GivenUp(Facts):
    """Why the part is not needed any more."""

    reason: Annotated[StaffText, Says(_("Reason"))]


def _is_part(request: ServiceRequest) -> bool:
    return request.is_part


def _has_open_parts(request: ServiceRequest) -> bool:
    return is_whole(request) and open_parts_of(request.matter).exists()


@procedure.start(
    to="dispatched",
    by=SYSTEM,
    label=_("Begin a part"),
    past="part_begun",
    happened=_("Handed out as a part of another matter"),
    audience=Audience.STAFF,
)
def begin_part(request: ServiceRequest, facts: Part, act: Act) -> None:
    """A part of a request goes to another unit, with the place and the category of the whole."""
    lead, unit = act.refs["lead"], act.refs["to"]
    request.is_part = True
    request.first_unit = unit
    if lead.procedure == act.procedure.name:
        request.subject_organisation_id = lead.servicerequest.subject_organisation_id
    act.set(
        title=title_of(facts.text),
        text=facts.text,
        category=lead.category,
        urgency=lead.urgency,
        area=lead.area,
        address_text=lead.address_text,
        longitude=lead.longitude,
        latitude=lead.latitude,
        desk=lead.desk,
        responsible=unit,
    )
    act.link(MatterLink.Kind.PART_OF, lead)
    act.start_clock("accept")
    act.start_clock("solve")
    act.tell_role(unit, "handler")


@procedure.action(
    at=OPEN_WITH_UNIT,
    to="=",
    by=UNIT + DESK,
    label=_("Hand out a part"),
    past="handed_out",
    happened=_("Another unit was given a part of it"),
    audience=Audience.STAFF,
    when=is_whole,
)
def hand_out(request: ServiceRequest, facts: HandOut, act: Act) -> None:
    """The lead unit hands a part to another department; it stays answerable for the whole."""
    if request.is_part:
        raise InvalidFacts({"__all__": [gettext("A part has no parts of its own.")]})
    if act.refs["to"].pk == act.matter.responsible_id:
        raise InvalidFacts({"to": [gettext("This is the lead unit itself.")]})
    if parts_of(act.matter).count() >= MOST_PARTS:
        raise InvalidFacts({"__all__": [gettext("It has as many parts as it may have.")]})
    begun = begin(
        procedure.name,
        "begin_part",
        community=act.matter.community,
        by=LINLI,
        facts={**facts.model_dump(), "lead": act.matter.number},
        channel=act.matter.channel,
        at=act.now,
    )
    act.add_facts(part=begun.matter.number)


@procedure.action(
    at="in_hand",
    to="closed",
    by=UNIT,
    label=_("Report the part done"),
    past="part_done",
    happened=_("The part is done"),
    audience=Audience.STAFF,
    when=_is_part,
)
def finish_part(request: ServiceRequest, facts: Solve, act: Act) -> None:
    """A part is closed by its unit, with pictures; the lead unit is told and answers for it."""
    if not request.is_part:
        raise InvalidFacts({"__all__": [gettext("This is no part of another matter.")]})
    request.solution, request.solved_at = facts.text, act.now
    act.attach(act.refs.get("before", []), Attachment.Purpose.BEFORE, Audience.STAFF)
    act.attach(act.refs.get("after", []), Attachment.Purpose.AFTER, Audience.STAFF)
    act.stop_clock("accept")
    act.stop_clock("solve")
    _tell_lead(act)


@procedure.action(
    at=(*OPEN_WITH_UNIT, "received", "disputed"),
    to="=",
    by=UNIT + DESK,
    label=_("Do without a part"),
    past="done_without",
    happened=_("A part is not needed any more"),
    audience=Audience.STAFF,
    when=_has_open_parts,
)
def do_without(request: ServiceRequest, facts: DoWithout, act: Act) -> None:
    """The lead unit gives up a part, with a reason; then it can finish without it."""
    refuse_for_part(request)
    part = act.refs["part"]
    if not open_parts_of(act.matter).filter(pk=part.pk).exists():
        raise InvalidFacts({"part": [gettext("This is no open part of this matter.")]})
    perform(part, "give_up_part", by=LINLI, facts={"reason": facts.reason}, at=act.now)


@procedure.action(
    at=BEFORE_SOLVED,
    to="closed",
    by=SYSTEM,
    label=_("Give up the part"),
    past="part_given_up",
    happened=_("Not needed any more"),
    audience=Audience.STAFF,
    hidden=True,
)
def give_up_part(request: ServiceRequest, facts: GivenUp, act: Act) -> None:
    """The part ends, because the lead unit does without it or the whole ended."""
    if not request.is_part:
        raise InvalidFacts({"__all__": [gettext("This is no part of another matter.")]})
    act.tell_role(act.matter.responsible or act.matter.desk, "handler")


def _tell_lead(act: Act) -> None:
    lead = lead_of(act.matter)
    if lead is not None:
        act.tell_role(lead.responsible or lead.desk, "handler")


@subscribe("casework.closed")
@subscribe("casework.referred")
@subscribe("casework.withdrawn")
def end_parts_with_the_whole(event: Event) -> None:
    """When the whole ends otherwise than by being solved, its parts end too."""
    for part in open_parts_of(event.matter):
        facts = {"reason": gettext("The whole matter has ended.")}
        perform(part, "give_up_part", by=LINLI, facts=facts, at=event.at)
