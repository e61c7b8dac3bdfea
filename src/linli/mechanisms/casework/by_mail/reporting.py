"""How a letter becomes a request: its sender reports, as a guest who is not known to be anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Audience
from linli.kernel.procedures.facts import Options, PersonalLine, Says, VisibleTo
from linli.mechanisms.casework.facts import Report
from linli.mechanisms.casework.intake import guest_of, title_of, write_down
from linli.mechanisms.casework.questions import keep_answers
from linli.mechanisms.casework.stages import SYSTEM, procedure

if TYPE_CHECKING:
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest

SENDERS = (
    ("confirmed", _("confirmed by the sender's domain")),
    ("unconfirmed", _("not confirmed: the address may be forged")),
)


class Mailed(Report):
    """What somebody wrote by e-mail, and whether the address it came from can be relied on."""

    subject: Annotated[PersonalLine | None, Says(_("Subject"))] = None
    sender: Annotated[
        Literal["confirmed", "unconfirmed"],
        Says(_("Sender's address")),
        Options(SENDERS),
        VisibleTo(Audience.STAFF),
    ]
    left_out: Annotated[PersonalLine | None, Says(_("Files that were not taken"))] = None
    acknowledge: Annotated[bool, Says(_("The sender is told")), VisibleTo(Audience.STAFF)] = False


@procedure.start(
    to="received",
    by=SYSTEM,
    label=_("Take in an e-mail"),
    past="mailed",
    happened=_("Reported by e-mail"),
)
def take_letter(request: ServiceRequest, facts: Mailed, act: Act) -> None:
    """Somebody wrote to the community's mailbox; the desk sorts it as any other report.

    北京市接诉即办工作条例 (2021) art. 12: requests are taken from every channel and registered.
    Whose the address is stays unproved: it is contact data nobody has confirmed.
    """
    keep_answers(request, facts, act, all_of_them=False)
    known = act.matter.reporter
    reporter = known or guest_of(facts)
    write_down(act, facts, reporter)
    if facts.subject:
        act.set(title=title_of(facts.subject))
    act.matter.channel = "email"
    if known is None:
        act.result["token"] = act.secret_link(reporter)
    act.start_clock("triage")
    act.start_clock("reply")
    act.tell_role(act.matter.desk, "dispatcher", template=f"{act.procedure.name}.reported")
    if facts.acknowledge:
        # Words of a letter whose sender may be forged are sent to nobody.
        act.tell(reporter, template=f"{act.procedure.name}.mailed_{facts.sender}")
