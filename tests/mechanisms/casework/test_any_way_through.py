"""Whatever people do in whatever order, a request stays sound."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.kernel.deadlines.models import Clock
from linli.kernel.deadlines.tasks import find_overdue
from linli.kernel.events.models import Event
from linli.kernel.events.timeline import timeline
from linli.kernel.ledger.leaves import leaf_hash
from linli.kernel.matters.flags import flags_text
from linli.kernel.matters.models import Matter
from linli.kernel.procedures.declaration import registry
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.performing import available_actions, perform
from linli.mechanisms.casework.leading import open_parts_of
from linli.mechanisms.casework.models import ServiceRequest

PEOPLE = ["dispatcher", "handler", "other_handler", "caller", "supervisor", "secretary",
          "grid_worker", "resident", "stranger"]  # fmt: skip


def facts_for(here, action: str, matter: Matter, flip: bool) -> dict:
    unit = here.roads if flip else here.property_company
    part = open_parts_of(matter).first()
    rated = {"contacted": flip, "solved": flip, "satisfaction": 5 if flip else 1}
    promised = (timezone.now() + timedelta(days=200 if flip else 3)).date().isoformat()
    return {
        "triage": {"category": "pothole", "publish": flip},
        "dispatch": {"to": str(unit.uuid)},
        "assign": {"to": str(unit.uuid), "grounds": "归口管理"},
        "return_to_desk": {"reason": "not_our_duty", "explanation": "不归我们"},
        "refer": {"reason": "other_authority", "referred_to": "区法院", "text": "请起诉"},
        "close": {"text": "重复来电"},
        "reply": {"text": "会办", **({"promised_on": promised} if flip else {})},
        "inform": {"text": "在办"},
        "extend_promise": {"until": promised, "reason": "weather", "explanation": "下雨"},
        "solve": {"text": "办好了"},
        "ask_reporter": {"text": "哪栋楼?"},
        "answer": {"text": "三栋"},
        "note": {"text": "记一笔"},
        "propose_account": {"reason": "law", "owner": str(unit.uuid), "text": "法规不允许"},
        "put_on_account": {"reason": "money", "owner": str(unit.uuid), "text": "没有资金"},
        "decline_account": {"grounds": "有资金"},
        "review_account": {"outcome": "kept", "text": "还没有资金"},
        "take_off_account": {"text": "有资金了"},
        "ask_exclusion": {"reason": "no_content", "text": "打错了"},
        "decide_exclusion": {"decision": "accept" if flip else "refuse", "grounds": "属实"},
        "reverse_exclusion": {"grounds": "有误"},
        "not_reached": {"outcome": "no_answer" if flip else "refused"},
        "rate": rated,
        "call_back": rated,
        "reopen": {"text": "又坏了"},
        "link": {"other": matter.number},
        "merge": {"into": matter.number},
        "split": {"text": "另一件事"},
        "urge": {"text": "请抓紧"},
        "answer_urge": {"text": "明天去"},
        "hand_out": {"to": str(unit.uuid), "text": "一部分"},
        "do_without": {"part": part.number if part else matter.number, "reason": "不用了"},
        "appeal": {"reason": "不同意"},
        "decide_appeal": {"upheld": flip, "grounds": "看过了"},
    }.get(action, {})


@pytest.mark.parametrize("round", range(3))
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_it_stays_sound(here, round, data) -> None:
    with transaction.atomic():
        matter = here.report(by=here.resident).matter
        for _ in range(data.draw(st.integers(3, 14))):
            matter.refresh_from_db()
            act_once(here, matter, data)
            check(matter, here)
        transaction.set_rollback(True)


def act_once(here, matter: Matter, data) -> None:
    choices = [
        (name, action.name)
        for name in PEOPLE
        for action in available_actions(matter, getattr(here, name))
    ]
    if not choices or data.draw(st.integers(0, 9)) == 0:
        find_overdue(timezone.now() + timedelta(days=90))
        return
    name, action = data.draw(st.sampled_from(choices))
    facts = facts_for(here, action, matter, data.draw(st.booleans()))
    refusal = None
    try:
        perform(matter, action, by=getattr(here, name), facts=facts, version=matter.version)
    except InvalidFacts as refused:
        refusal = refused
    assert refusal is None or refusal.errors


def check(matter: Matter, here) -> None:
    matter.refresh_from_db()
    events = list(Event.objects.filter(matter=matter).select_related("matter").order_by("seq"))
    assert [event.seq for event in events] == list(range(1, matter.version + 1))
    assert events[-1].to_stage == matter.stage
    assert all(bytes(event.leaf_hash) == leaf_hash(event) for event in events)
    for before, after in itertools.pairwise(events):
        assert after.from_stage == before.to_stage
    running = Clock.objects.filter(matter=matter, stopped_at__isnull=True)
    names = [clock.name for clock in running]
    assert len(names) == len(set(names))
    ticking = [clock.due_at for clock in running if clock.paused_at is None]
    assert matter.due_at == (min(ticking) if ticking else None)
    final = registry["casework"].stage(matter.stage).final
    assert final == (matter.closed_at is not None)
    assert not (final and names)
    with_unit = {"dispatched", "accepted", "in_hand", "on_account", "solved"}
    assert (matter.stage in with_unit) <= bool(matter.responsible_id)
    assert matter.flags == flags_text(ServiceRequest.objects.get(pk=matter.pk).flags())
    on_account = matter.account_entries.filter(state="open").exists()
    assert on_account == (matter.stage == "on_account")
    assert timeline(matter, here.secretary)
