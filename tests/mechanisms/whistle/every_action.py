"""Every action on a whistle, a call and a duty with right facts, on a matter it can be done to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from linli.kernel.deadlines.models import Clock
from linli.kernel.matters.models import Matter
from tests.mechanisms.refusing import put_at
from tests.mechanisms.whistle.whistling import blow, call_of, do

if TYPE_CHECKING:
    from linli.kernel.procedures.declaration import Action, Procedure
    from tests.neighbourhood import Neighbourhood

TOMORROW = (timezone.localdate() + timedelta(days=1)).isoformat()
RIGHT: dict[str, dict[str, Any]] = {
    "call_more": {"why": "要拆门禁。"},
    "record": {"found": "通道已堵。"},
    "agree_duty": {"what": "补桩", "by_when": TOMORROW},
    "close": {"outcome": "通了。"},
    "withdraw": {"reason": "false_alarm"},
    "report_in": {},
    "decline": {"reason": "law", "explanation": "无权。"},
    "supplement": {"text": "补充。"},
    "rate": {"on_time": True, "worked": True, "result": 5},
    "judge": {"justified": True, "clear": False},
    "end": {"withdrawn": False},
    "report_done": {"text": "好了。"},
    "confirm": {},
    "send_back": {"text": "没好。"},
    "drop": {"text": "不用了。"},
}


def matter_for(here: Neighbourhood, procedure: Procedure, action: Action) -> Matter:
    """Return the whistle, call or duty at the first stage where the action exists."""
    whistle = blow(here, departments=[str(here.roads.uuid)])
    do(whistle, "agree_duty", here.secretary, who=str(here.roads.uuid), what="修",
       by_when=TOMORROW)  # fmt: skip
    matter = {
        "whistle": whistle,
        "whistle_call": call_of(whistle, here.roads),
        "whistle_duty": whistle.whistle.duties.get().matter,
    }[procedure.name]
    return put_at(matter, action.at[0])


def right_facts(action: Action, here: Neighbourhood, matter: Matter) -> dict[str, Any]:
    """Return facts the action accepts; a clock that has to run out first is made to."""
    if action.name == "forget_reporter":
        return {"person": str(here.resident.uuid)}
    if action.name == "clock_ran_out":
        past = timezone.now() - timedelta(hours=1)
        Clock.objects.filter(matter=matter).update(due_at=past)
        return {"clock": Clock.objects.get(matter=matter).name}
    facts = dict(RIGHT[action.name])
    if action.name == "call_more":
        facts["departments"] = [str(here.property_company.uuid)]
    if action.name == "agree_duty":
        facts["who"] = str(here.roads.uuid)
    return facts


def may(here: Neighbourhood, action: Action) -> Any:
    """Return who may perform the action."""
    anchor = action.by[0].partition(".")[0]
    return {"desk": here.secretary, "responsible": here.handler, "system": "system"}[anchor]
