"""A topic of the month, led to any stage by the usual way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from linli.kernel.deadlines.models import Clock
from linli.kernel.matters.models import Matter
from linli.kernel.procedures.performing import begin, perform
from linli.mechanisms.casework.hot_topics.models import HotTopic
from tests.mechanisms.casework.hot_topics.saying import LIFT, count, publish, say
from tests.mechanisms.refusing import put_at

if TYPE_CHECKING:
    from linli.kernel.procedures.declaration import Action
    from tests.neighbourhood import Neighbourhood

PROPOSAL = {"title": "三号楼电梯常坏", "why": "一个月里多人反映。"}


def hot_topic(here: Neighbourhood, *, days_ago: float = 3) -> HotTopic:
    """Have a topic found; its reports are public and in ``here.said``."""
    here.said = say(here, LIFT, days_ago=days_ago)
    publish(here, here.said)
    count(here, days=-int(days_ago) + 3)
    return HotTopic.objects.get()


def proposed(here: Neighbourhood, *, at: Any = None, **other: Any) -> Matter:
    """Propose, and return the matter as it is stored; from a hot topic where one is given."""
    facts = {**PROPOSAL, **other}
    event = begin(
        "monthly_topic", "propose", community=here.community, by=here.supervisor, facts=facts, at=at
    )
    return Matter.objects.get(pk=event.matter_id)


def do(matter: Matter, action: str, by: Any, at: Any = None, **facts: Any) -> Matter:
    """Perform an action and return the matter as it is stored then."""
    perform(matter, action, by=by, facts=facts, at=at)
    return Matter.objects.get(pk=matter.pk)


def chosen(here: Neighbourhood, matter: Matter, at: Any = None, **facts: Any) -> Matter:
    """Choose it for this month; the roads lead."""
    return do(matter, "choose", here.supervisor, at, lead=str(here.roads.uuid), **facts)


def planned(here: Neighbourhood, matter: Matter, at: Any = None) -> Matter:
    """Write a plan with one measure of the property company."""
    do(matter, "write_plan", here.handler, at, plan="先修再换。", target="一个月内不再停梯。")
    return with_measure(here, matter, at)


def with_measure(here: Neighbourhood, matter: Matter, at: Any = None) -> Matter:
    """Add a measure of the property company, due in two weeks."""
    day = ((at or timezone.now()) + timedelta(days=14)).date().isoformat()
    who = str(here.property_company.uuid)
    return do(matter, "add_measure", here.handler, at, what="更换曳引机", who=who, by_when=day)


def published(here: Neighbourhood, at: Any = None, **other: Any) -> Matter:
    """Return one whose plan was published."""
    matter = proposed(here, at=at, **other)
    planned(here, chosen(here, matter, at), at)
    return do(matter, "publish_plan", here.supervisor, at)


def measure_of(matter: Matter) -> Matter:
    """Return the first measure's matter."""
    return Matter.objects.get(pk=matter.monthlytopic.measures.order_by("pk")[0].pk)


# --- every action, for the tests of what each refuses ---------------------------------------
TOMORROW = (timezone.localdate() + timedelta(days=1)).isoformat()
RIGHT: dict[str, dict[str, Any]] = {
    "choose": {"month": "this"},
    "decline": {"reason": "已有安排。"},
    "name_units": {},
    "write_plan": {"plan": "修。", "target": "不再停梯。"},
    "add_measure": {"what": "换件", "by_when": TOMORROW},
    "publish_plan": {},
    "note_progress": {"text": "已进场。"},
    "conclude": {"outcome": "好了。"},
    "drop": {"reason": "整楼改造。"},
    "open_up": {},
    "report_done": {"text": "换好了。"},
    "confirm": {},
    "send_back": {"text": "还没好。"},
    "end": {},
}


def matter_for(here: Neighbourhood, procedure: str, action: Action) -> Matter:
    """Return a topic or a measure at the first stage where the action exists."""
    here.said = say(here, LIFT)
    publish(here, here.said)
    matter = planned(here, chosen(here, proposed(here, category="pothole")))
    if action.name == "choose":
        matter.monthlytopic.month = None
        matter.monthlytopic.save()
    if action.name in ("conclude", "note_progress") or procedure == "monthly_measure":
        matter = do(matter, "publish_plan", here.supervisor)
    if action.name == "conclude":
        main = matter.monthlytopic
        main.before_until -= timedelta(days=40)
        main.save()
        main.measures.get().matter.__class__.objects.filter(procedure="monthly_measure").update(
            closed_at=timezone.now()
        )
    found = matter if procedure == "monthly_topic" else measure_of(matter)
    return put_at(found, action.at[0])


def right_facts(action: Action, here: Neighbourhood, matter: Matter) -> dict[str, Any]:
    """Return facts the action accepts; a clock that has to run out first is made to."""
    if action.name == "forget_reporter":
        return {"person": str(here.resident.uuid)}
    if action.name == "clock_ran_out":
        past = timezone.now() - timedelta(hours=1)
        running = Clock.objects.filter(matter=matter, stopped_at__isnull=True)
        running.update(due_at=past)
        return {"clock": running.get().name}
    if action.name == "count_reports":
        return {"reports": [one.number for one in here.said]}
    if action.name == "drop" and matter.procedure == "monthly_measure":
        return {"text": "不用了。"}
    facts = dict(RIGHT[action.name])
    if action.name in ("choose", "name_units"):
        facts["lead"] = str(here.roads.uuid)
    if action.name == "add_measure":
        facts["who"] = str(here.property_company.uuid)
    return facts


def may(here: Neighbourhood, action: Action, procedure: str) -> Any:
    """Return who may perform the action."""
    anchor = action.by[0].partition(".")[0]
    unit = here.handler if procedure == "monthly_topic" else here.other_handler
    return {"desk": here.supervisor, "responsible": unit, "system": "system"}[anchor]
