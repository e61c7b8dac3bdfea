"""The stages of a topic of the month and of its measures; who is who."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.kernel.procedures.declaration import Procedure, Stage
from linli.mechanisms.casework.monthly_topics.models import Measure, MonthlyTopic

topic_procedure = Procedure(
    "monthly_topic",
    title=_("Topic of the month"),
    detail=MonthlyTopic,
    stages=[
        Stage("proposed", _("Proposed for a month")),
        Stage("chosen", _("Chosen, plan in the making")),
        Stage("under_way", _("Plan under way")),
        Stage("concluded", _("Concluded"), final=True),
        Stage("declined", _("Not chosen"), final=True),
        Stage("dropped", _("Dropped"), final=True),
    ],
)
measure_procedure = Procedure(
    "monthly_measure",
    title=_("Measure of a topic of the month"),
    detail=Measure,
    stages=[
        Stage("planned", _("Planned")),
        Stage("open", _("To be done")),
        Stage("reported_done", _("Reported as done")),
        Stage("confirmed", _("Done and looked at"), final=True),
        Stage("dropped", _("Dropped"), final=True),
    ],
)

# Who: see `linli.kernel.access.relations`. The desk of a topic is who proposed it.
MAY_PROPOSE = ("community.supervisor",)
CHOOSER = ("desk.supervisor", "above.supervisor")
LEAD = ("responsible.handler",)
UNIT = ("responsible.handler",)
SYSTEM = ("system",)

RUNNING = ("proposed", "chosen", "under_way")
PLAN_CLOCK, PROGRESS_CLOCK, MEASURE_CLOCK = "monthly_plan", "monthly_progress", "monthly_measure"
