"""Requests that come from other systems, go to them, and what is heard of them there.

GeoReport v2 (Open311): other programs submit requests in the name of people; other cities'
servers give us theirs and take ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, StringConstraints

from linli.kernel.matters.models import Audience
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.facts import (
    Facts,
    Options,
    PersonalLine,
    PublicLine,
    PublicText,
    Says,
    VisibleTo,
)
from linli.mechanisms.casework.facts import Refer, Report
from linli.mechanisms.casework.intake import guest_of, write_down
from linli.mechanisms.casework.questions import keep_answers
from linli.mechanisms.casework.stages import SYSTEM, procedure

if TYPE_CHECKING:
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest

_code = StringConstraints(strip_whitespace=True, min_length=1, max_length=120)
_address = StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^https?://[!-~]+$")
TheirNumber = Annotated[str, _code, VisibleTo(Audience.PARTIES), Says(_("Number there"))]


class Submission(Report):
    """What another program gives us in somebody's name."""

    account: Annotated[PersonalLine | None, Says(_("Account there"))] = None
    media_url: Annotated[
        Annotated[str, _address] | None, Says(_("Address of a picture")), VisibleTo(Audience.STAFF)
    ] = None


class TakenOver(Report):
    """A request that was made at another city's server."""

    source: Annotated[PublicLine, Says(_("Made at"))]
    source_id: TheirNumber
    made_at: Annotated[
        AwareDatetime | None, Says(_("Made there on")), VisibleTo(Audience.PARTIES)
    ] = None


class Sent(Facts):
    """Where it was sent, and under which number it goes there."""

    to: Annotated[PublicLine, Says(_("Sent to"))]
    their_id: TheirNumber


class Heard(Facts):
    """What another city's server says of it."""

    source: Annotated[PublicLine, Says(_("From"))]
    status: Annotated[
        Literal["open", "closed"],
        Options((("open", _("open there")), ("closed", _("closed there")))),
        Says(_("How it stands there")),
        VisibleTo(Audience.PUBLIC),
    ]
    notes: Annotated[PublicText | None, Says(_("What they say"))] = None


@procedure.start(
    to="received",
    by="public",
    label=_("Report by another program"),
    past="submitted",
    happened=_("Reported by another program"),
)
def submit(request: ServiceRequest, facts: Submission, act: Act) -> None:
    """A program reports for somebody, who is the reporter; the program's own account acted.

    GeoReport v2, POST Service Request.
    """
    keep_answers(request, facts, act)
    write_down(act, facts, guest_of(facts))
    _begin(act)


@procedure.start(
    to="received",
    by=SYSTEM,
    label=_("Take over from another city"),
    past="taken_over",
    happened=_("Taken over from another city"),
)
def take_over(request: ServiceRequest, facts: TakenOver, act: Act) -> None:
    """A request of another city's server that is for us to handle; its reporter stays there."""
    keep_answers(request, facts, act, all_of_them=False)
    write_down(act, facts, guest_of(facts))
    act.matter.channel = "exchange"
    _begin(act)


def _begin(act: Act) -> None:
    act.start_clock("triage")
    act.start_clock("reply")
    act.tell_role(act.matter.desk, "dispatcher", template=f"{act.procedure.name}.reported")


def check_handover(request: ServiceRequest, facts: Refer, act: Act) -> None:
    """Refuse to send what the other side would not take. Raises InvalidFacts."""
    endpoint, matter = act.refs["endpoint"], act.matter
    if not endpoint.service_for(matter.category):
        sentence = gettext("They take no requests of this category.")
        raise InvalidFacts({"endpoint": [sentence]})
    if matter.longitude is None and not matter.address_text:
        raise InvalidFacts({"endpoint": [gettext("They need to know where it is.")]})
    if not (facts.handover or matter.public_text or matter.public_title):
        sentence = gettext("Please write what is sent: the public board has no text of it.")
        raise InvalidFacts({"handover": [sentence]})


@procedure.action(
    at=tuple(stage.name for stage in procedure.stages),
    to="=",
    by=SYSTEM,
    label=_("Note that another city took it"),
    past="sent_elsewhere",
    happened=_("The other city has taken it"),
    hidden=True,
)
def note_sent(request: ServiceRequest, facts: Sent, act: Act) -> None:
    """The other city's server has taken it, and gave it a number of its own."""
    act.tell(request.reporter)


@procedure.action(
    at=tuple(stage.name for stage in procedure.stages),
    to="=",
    by=SYSTEM,
    label=_("Note what another city says"),
    past="heard",
    happened=_("News from the other city"),
    hidden=True,
)
def hear(request: ServiceRequest, facts: Heard, act: Act) -> None:
    """What became of it at the other city: for the reporter, or for us where we work on it."""
    act.tell(request.reporter)
    if act.matter.closed_at is None:
        act.tell_role(act.matter.responsible or act.matter.desk, "handler")
        act.tell_role(act.matter.desk, "dispatcher")
