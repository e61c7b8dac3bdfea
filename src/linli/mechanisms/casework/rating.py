"""The reporter decides: contacted, solved, satisfied. Calling back is `callbacks`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Attachment, Audience
from linli.kernel.organisations.tree import parent_of
from linli.kernel.procedures.errors import InvalidFacts
from linli.mechanisms.casework.claiming import let_go
from linli.mechanisms.casework.facts import Rate, Reopen, ReportersAnswer, Withdraw
from linli.mechanisms.casework.stages import BEFORE_SOLVED, REPORTER, procedure

if TYPE_CHECKING:
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest


@procedure.action(
    at="solved",
    to=("closed", "in_hand"),
    by=REPORTER,
    label=_("Rate"),
    past="rated",
    happened=_("Rated by the reporter"),
    audience=Audience.PUBLIC,
)
def rate(request: ServiceRequest, facts: Rate, act: Act) -> None:
    """The reporter says whether it is solved; not solved goes back in hand, one level up."""
    let_go(act.matter)
    take_rating(request, facts, act)


@procedure.action(
    at=BEFORE_SOLVED,
    to="withdrawn",
    by=REPORTER,
    label=_("Withdraw"),
    past="withdrawn",
    happened=_("Withdrawn by the reporter"),
    confirm=_("Do you really want to withdraw your report?"),
)
def withdraw(request: ServiceRequest, facts: Withdraw, act: Act) -> None:
    """The reporter takes it back; nobody else can."""
    act.tell_role(act.matter.responsible or act.matter.desk, "handler")


@procedure.action(
    at=("closed", "withdrawn", "referred"),
    to=("in_hand", "received"),
    by=REPORTER,
    label=_("Reopen"),
    past="reopened",
    happened=_("Reopened by the reporter"),
)
def reopen(request: ServiceRequest, facts: Reopen, act: Act) -> None:
    """Within 30 days the reporter can say that it came back."""
    days = act.pack.casework.reopen_days
    closed_at = act.matter.closed_at
    if closed_at is None or act.now > closed_at + timedelta(days=days):
        raise InvalidFacts(
            {"__all__": [gettext("It closed more than %(days)s days ago. Please report anew.") % {
                "days": days
            }]}
        )  # fmt: skip
    request.reopened += 1
    act.attach(act.refs.get("pictures", []), Attachment.Purpose.REPORT, Audience.PARTIES)
    if act.matter.responsible_id:
        back_in_hand(request, act)
        act.go_to("in_hand")
    else:
        act.go_to("received")
        act.start_clock("triage")
        act.start_clock("reply")
        act.tell_role(act.matter.desk, "dispatcher")


def take_rating(request: ServiceRequest, facts: ReportersAnswer, act: Act) -> None:
    """Write down the reporter's answer, however it came: the matter closes, or is in hand again."""
    request.call_again_at = None
    request.contacted, request.solved = facts.contacted, facts.solved
    request.satisfaction, request.rated_at = facts.satisfaction, act.now
    act.stop_clock("ask")
    act.tell_role(act.matter.responsible, "handler")
    if facts.solved:
        act.go_to("closed")
    else:
        act.go_to("in_hand")
        back_in_hand(request, act)


def back_in_hand(request: ServiceRequest, act: Act) -> None:
    """Not solved: the clock runs anew and the level above is told."""
    request.promised_on, request.promise_moved = None, False
    # When done again, asked anew.
    request.contact_tries, request.not_reached, request.call_again_at = 0, False, None
    level = request.reopened + 1
    act.start_clock("solve", level=level)
    act.tell_role(act.matter.responsible, "handler")
    above = parent_of(act.matter.responsible) if act.matter.responsible else None
    act.tell_role(above or act.matter.desk, "supervisor")
