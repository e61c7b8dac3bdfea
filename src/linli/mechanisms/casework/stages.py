"""The stages of a service request, and the procedure they belong to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.kernel.procedures.declaration import Procedure, Stage
from linli.mechanisms.casework.models import ServiceRequest

procedure = Procedure(
    "casework",
    title=_("Service request"),
    detail=ServiceRequest,
    stages=[
        Stage("received", _("Received")),
        Stage("disputed", _("With the supervisor")),
        Stage("dispatched", _("Sent to a unit")),
        Stage("accepted", _("Accepted")),
        Stage("in_hand", _("In hand")),
        Stage("on_account", _("On the public account")),
        Stage("joined", _("Handled with another")),
        Stage("solved", _("Done, waiting for the reporter")),
        Stage("appealed", _("Under review")),
        Stage("closed", _("Closed"), final=True),
        Stage("referred", _("Referred elsewhere"), final=True),
        Stage("withdrawn", _("Withdrawn"), final=True),
    ],
)

OPEN_WITH_UNIT = ("dispatched", "accepted", "in_hand")
# Whose work can be shared; what is on the public account leaves it only as `account` says.
NOT_JOINED = ("received", "disputed", *OPEN_WITH_UNIT)
BEFORE_SOLVED = (*NOT_JOINED, "on_account", "joined")

# Who: see `linli.kernel.access.relations`.
DESK = ("desk.dispatcher", "above.dispatcher")
UNIT = ("responsible.handler",)
CALLER = ("desk.caller", "above.caller")
REVIEWER = ("above.supervisor",)
SUPERVISOR = ("above.supervisor", "desk.supervisor")
REPORTER = ("reporter",)
SYSTEM = ("system",)
