"""The stages of a whistle, of each call, and of each agreed duty; who is who."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.kernel.procedures.declaration import Procedure, Stage
from linli.mechanisms.whistle.models import Whistle, WhistleCall, WhistleDuty

whistle_procedure = Procedure(
    "whistle",
    title=_("Whistle"),
    detail=Whistle,
    stages=[
        Stage("called", _("Waiting for the departments")),
        Stage("recorded", _("Joint record made")),
        Stage("closed", _("Closed"), final=True),
        Stage("withdrawn", _("Withdrawn"), final=True),
    ],
)
call_procedure = Procedure(
    "whistle_call",
    title=_("Call of a whistle"),
    detail=WhistleCall,
    stages=[
        Stage("called", _("Called")),
        Stage("missing", _("Not there in time")),
        Stage("declined", _("Said it will not come")),
        Stage("present", _("Reported in")),
        Stage("was_present", _("Was there"), final=True),
        Stage("absent", _("Absent"), final=True),
        Stage("called_off", _("Called off"), final=True),
    ],
)
duty_procedure = Procedure(
    "whistle_duty",
    title=_("Duty agreed at a whistle"),
    detail=WhistleDuty,
    stages=[
        Stage("agreed", _("Agreed")),
        Stage("reported_done", _("Reported as done")),
        Stage("confirmed", _("Confirmed"), final=True),
        Stage("dropped", _("Dropped"), final=True),
    ],
)

# Who: see `linli.kernel.access.relations`. The desk of a whistle is who whistled.
MAY_WHISTLE = ("community.secretary", "community.supervisor")
WHISTLER = ("desk.secretary", "desk.supervisor")
OVERSEER = (*WHISTLER, "above.supervisor")
DEPARTMENT = ("responsible.handler",)
SYSTEM = ("system",)

OPEN = ("called", "recorded")
AWAITED = ("called", "missing", "declined")
