"""The reporter appeals: once, with a reason, to somebody of the level above who had no part in it.

北京市接诉即办工作条例 (2021) leaves it to each level to look again at what was closed or refused;
here the reporter can ask for it. The review has a clock; it ends with the request back in hand, or
with reasons the reporter reads.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.events.models import Event
from linli.kernel.matters.models import Audience
from linli.kernel.organisations.tree import parent_of
from linli.kernel.packs.loading import content_of
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.facts import Facts, PersonalText, PublicText, Says, VisibleTo
from linli.mechanisms.casework.rating import back_in_hand
from linli.mechanisms.casework.stages import REPORTER, REVIEWER, procedure

if TYPE_CHECKING:
    from datetime import datetime

    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest


class Appeal(Facts):
    """Why the reporter does not agree."""

    reason: Annotated[PersonalText, Says(_("Why do you not agree?"))]


class Decide(Facts):
    """What the review found."""

    upheld: Annotated[
        bool,
        Says(_("Is the reporter right?"), _("Yes: it is worked on again. No: it stays closed.")),
        VisibleTo(Audience.PARTIES),
    ]
    grounds: Annotated[PublicText, Says(_("Reasons"), _("The reporter reads this."))]


def can_appeal(request: ServiceRequest, now: datetime | None = None) -> bool:
    """Whether the reporter may still appeal: once, within the pack's days after closing."""
    closed, matter = request.matter.closed_at, request.matter
    if closed is None or request.appealed_at is not None or request.is_part:
        return False
    days = content_of(matter.pack).casework.appeal_days
    return (now or timezone.now()) <= closed + timedelta(days=days)


@procedure.action(
    at=("closed", "referred"),
    to="appealed",
    by=REPORTER,
    label=_("Appeal"),
    past="appealed",
    happened=_("The reporter asked for a review"),
    when=can_appeal,
)
def appeal(request: ServiceRequest, facts: Appeal, act: Act) -> None:
    """The reporter asks the level above to look at it again, once and in time."""
    if request.appealed_at is not None:
        raise InvalidFacts({"__all__": [gettext("It was reviewed already; once is all there is.")]})
    if not can_appeal(request, act.now):
        days = act.pack.casework.appeal_days
        sentence = gettext("It closed more than %(days)s days ago. Please report anew.")
        raise InvalidFacts({"__all__": [sentence % {"days": days}]})
    request.appealed_at = act.now
    act.start_clock("appeal")
    concerned = act.matter.responsible or act.matter.desk
    act.tell_role(parent_of(concerned) if concerned else None, "supervisor")


@procedure.action(
    at="appealed",
    to=("in_hand", "received", "closed", "referred"),
    by=REVIEWER,
    label=_("Decide on the appeal"),
    past="appeal_decided",
    happened=_("The review is done"),
)
def decide_appeal(request: ServiceRequest, facts: Decide, act: Act) -> None:
    """A supervisor of a level above, who took no part in it, upholds or dismisses the appeal."""
    took_part = Event.objects.filter(matter=act.matter, actor=act.by)
    if act.by is None or took_part.exists():
        sentence = gettext("You took part in this matter; somebody else has to review it.")
        raise InvalidFacts({"__all__": [sentence]})
    act.add_facts(appeal_clock=act.clocks.outcome("appeal"))
    act.stop_clock("appeal")
    request.appeal_upheld = facts.upheld
    act.tell(request.reporter)
    if not facts.upheld:
        act.go_to(_ended_as(act))
    elif act.matter.responsible_id:
        act.go_to("in_hand")
        back_in_hand(request, act)
    else:
        act.go_to("received")
        act.start_clock("triage")
        act.start_clock("reply")
        act.tell_role(act.matter.desk, "dispatcher")


def _ended_as(act: Act) -> str:
    """Return the stage at which the appeal found it."""
    begun = Event.objects.filter(matter=act.matter, kind=f"{act.procedure.name}.appealed")
    return begun.order_by("-seq").values_list("from_stage", flat=True).first() or "closed"
