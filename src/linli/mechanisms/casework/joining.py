"""Linking, joining duplicates, splitting: the work is shared, each reporter keeps an own clock.

What the main matter does for those joined to it is in `following`, taking apart in `parting`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import OperationalError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.relations import SYSTEM as LINLI
from linli.kernel.matters.models import Audience, Matter, MatterLink, Participant
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.performing import begin
from linli.mechanisms.casework.facts import Link, Merge, Split
from linli.mechanisms.casework.leading import (
    is_whole,
    refuse_for_part,
    refuse_while_parts_are_open,
)
from linli.mechanisms.casework.stages import (
    BEFORE_SOLVED,
    DESK,
    NOT_JOINED,
    UNIT,
    procedure,
)

if TYPE_CHECKING:
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest

# The work is the other matter's now: what counts how fast it is taken on rests meanwhile.
RESTING = ("triage", "accept")


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
    when=is_whole,
)
def merge(request: ServiceRequest, facts: Merge, act: Act) -> None:
    """A duplicate: its work is done in the other matter, what is answered there is passed on."""
    refuse_for_part(request)
    main = hold(_other(act, "into"), "into")
    if main.procedure != act.procedure.name or main.stage not in NOT_JOINED:
        raise InvalidFacts({
            "into": [gettext("It can only be joined to one of its own kind that is worked on.")]
        })  # fmt: skip
    if main.servicerequest.is_part:
        raise InvalidFacts({"into": [gettext("It is a part of another matter; join it to that.")]})
    refuse_while_parts_are_open(act.matter)
    if has_joined(act.matter):
        raise InvalidFacts({
            "into": [gettext("Others are joined to this one. Join the other one to it instead.")]
        })  # fmt: skip
    rested = [name for name in RESTING if act.clocks.running(name)]
    for name in rested:
        act.stop_clock(name, cancelled=True)
    act.add_facts(
        rested=rested,
        was_with=str(act.matter.responsible.uuid) if act.matter.responsible else None,
        was_promised=request.promised_on.isoformat() if request.promised_on else None,
    )
    act.set(responsible=main.responsible)
    act.link(MatterLink.Kind.DUPLICATE_OF, main)
    act.tell(request.reporter)


@procedure.action(
    at=NOT_JOINED,
    to="=",
    by=UNIT + DESK,
    label=_("Split"),
    past="split",
    happened=_("A second wish became a matter of its own"),
    audience=Audience.STAFF,
    when=is_whole,
)
def split(request: ServiceRequest, facts: Split, act: Act) -> None:
    """One message with two wishes becomes two linked matters of the same reporter."""
    refuse_for_part(request)
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


def _other(act: Act, field: str) -> Matter:
    other: Matter = act.refs[field]
    if other.pk == act.matter.pk:
        raise InvalidFacts({field: [gettext("This is the number of the matter itself.")]})
    return other


def hold(other: Matter, field: str) -> Matter:
    """Lock another matter and return it as it stands now.

    Two that are joined to each other at the same moment wait for each other for ever; the
    database ends that, and one of the two is told here. Raises InvalidFacts then.
    """
    rows = Matter.objects.select_related("responsible", "desk", "area", "servicerequest")
    rows = rows.defer("area__boundary")
    try:
        with transaction.atomic():
            return rows.select_for_update(of=("self",)).get(pk=other.pk)
    except OperationalError:
        sentence = gettext("Somebody is changing the other matter just now. Please try again.")
        raise InvalidFacts({field: [sentence]}) from None


def has_joined(matter: Matter) -> bool:
    """Whether others are handled together with a matter. One query."""
    links = MatterLink.objects.filter(target=matter, kind=MatterLink.Kind.DUPLICATE_OF)
    return links.filter(source__stage="joined").exists()
