"""The desk: say what it is, send it to a unit, refer or close what is nobody's here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Audience
from linli.kernel.procedures.errors import InvalidFacts
from linli.mechanisms.casework.elsewhere import check_handover
from linli.mechanisms.casework.facts import Close, Dispatch, Refer, Triage
from linli.mechanisms.casework.stages import (
    BEFORE_SOLVED,
    DESK,
    OPEN_WITH_UNIT,
    procedure,
)

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Organisation
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest


@procedure.action(
    at=BEFORE_SOLVED,
    to="=",
    by=DESK,
    label=_("Sort"),
    past="triaged",
    happened=_("Sorted by the desk"),
    audience=Audience.STAFF,
)
def triage(request: ServiceRequest, facts: Triage, act: Act) -> None:
    """The desk names category, urgency and grid, and what the public may read of it."""
    act.set(category=facts.category, urgency=facts.urgency)
    if "area" in act.refs:
        act.set(area=act.refs["area"])
    act.set(
        # A part is the work of units among themselves; its lead is what the public follows.
        audience=Audience.PUBLIC if facts.publish and not request.is_part else Audience.STAFF,
        public_title=facts.public_title or act.matter.public_title or _plain_title(act),
        public_text=facts.public_text or act.matter.public_text,
    )


@procedure.action(
    at=("received", "dispatched", "accepted"),
    to="dispatched",
    by=DESK,
    label=_("Send to a unit"),
    past="dispatched",
    happened=_("Sent to the unit in charge"),
)
def dispatch(request: ServiceRequest, facts: Dispatch, act: Act) -> None:
    """The desk sends it to the unit whose duty it is; that unit answers for it (首接负责)."""
    unit = act.refs["to"]
    if request.bound_to_id not in (None, unit.pk):
        sentence = gettext("The supervisor decided who answers; only the supervisor can change it.")
        raise InvalidFacts({"to": [sentence]})
    hand_over(request, act, unit)
    if "complained_of" in act.refs:
        request.subject_organisation = act.refs["complained_of"]


@procedure.action(
    at=("received", *OPEN_WITH_UNIT),
    to="referred",
    by=DESK,
    label=_("Refer elsewhere"),
    past="referred",
    happened=_("Referred to another authority"),
    confirm=_("This ends the matter here. The reporter is told where it went."),
)
def refer(request: ServiceRequest, facts: Refer, act: Act) -> None:
    """Not the community's duty at all: the reporter is told who is in charge, and why.

    Where an endpoint is named, it is sent there too, see `exchanging.pushing`.
    """
    if "endpoint" in act.refs:
        check_handover(request, facts, act)
    act.stop_clock("reply")
    act.tell(request.reporter)


@procedure.action(
    at=tuple(stage for stage in BEFORE_SOLVED if stage != "on_account"),
    to="closed",
    by=DESK,
    label=_("Close"),
    past="closed",
    happened=_("Closed by the desk"),
    confirm=_("The matter ends without the reporter's rating; the reason is published."),
    danger=True,
)
def close(request: ServiceRequest, facts: Close, act: Act) -> None:
    """Close what cannot be handled (abuse, no content); the reason is shown to all."""
    act.tell(request.reporter)


def hand_over(request: ServiceRequest, act: Act, unit: Organisation) -> None:
    """Make a unit answerable: its clock for accepting begins, and it and the reporter are told.

    Raises InvalidFacts where it lies with this unit already.
    """
    if unit.pk == act.matter.responsible_id:
        raise InvalidFacts({"to": [gettext("It already lies with this unit.")]})
    request.first_unit = request.first_unit or unit
    act.stop_clock("triage")
    act.set(responsible=unit)
    act.acting_responsible_id = unit.pk
    act.start_clock("accept")
    act.tell_role(unit, "handler")
    act.tell(request.reporter)


def _plain_title(act: Act) -> str:
    category = act.pack.categories.get(act.matter.category)
    label = str(category.label) if category else str(act.procedure.title)
    return f"{act.matter.area}: {label}" if act.matter.area else label
