"""A rebuild gives what was kept, to the last figure, whatever people did.

The random walk lives by the rules and reaches some figures; all of them: `test_every_figure`.
"""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.kernel.deadlines.tasks import find_overdue
from linli.kernel.indicators.declaration import registry
from linli.kernel.indicators.folding import fold_pending
from linli.kernel.indicators.models import Rollup
from linli.kernel.indicators.reading import evidence, total
from linli.kernel.indicators.rebuilding import rebuild, rebuild_all
from linli.kernel.matters.models import Matter
from linli.kernel.procedures.errors import Refused
from linli.kernel.procedures.performing import available_actions, perform

PEOPLE = ["dispatcher", "handler", "other_handler", "caller", "supervisor", "secretary", "resident"]


def some_facts(here, action: str, flip: bool) -> dict:
    unit = here.roads if flip else here.property_company
    day = (timezone.now() + timedelta(days=40 if flip else 3)).date().isoformat()
    rated = {"contacted": flip, "solved": flip, "satisfaction": 3 if flip else 2}
    return {
        "triage": {"category": "pothole" if flip else "lift", "area": str(here.grid_area.uuid)},
        "dispatch": {"to": str(unit.uuid)},
        "assign": {"to": str(unit.uuid), "grounds": "归口管理"},
        "return_to_desk": {"reason": "not_our_duty", "explanation": "不归我们"},
        "reply": {"text": "会办", "promised_on": day},
        "inform": {"text": "在办", **({"promised_on": day} if flip else {})},
        "extend_promise": {"until": day, "reason": "weather", "explanation": "下雨"},
        "solve": {"text": "办好了"},
        "rate": rated,
        "call_back": rated,
        "reopen": {"text": "又坏了"},
        "ask_reporter": {"text": "哪栋楼?"},
        "answer": {"text": "三栋"},
    }.get(action, {})


STANDING = ("casework.open", "casework.reached_replied", "casework.reached_solved",
            "casework.reply_time")  # fmt: skip
FORWARD = {"dispatch", "assign", "reply", "solve", "rate", "call_back", "not_reached", "reopen"}


def act_at_random(here, dice: random.Random, now) -> None:
    matter = dice.choice(list(Matter.objects.all()))
    choices = [
        (name, action.name)
        for name in PEOPLE
        for action in available_actions(matter, getattr(here, name))
        if action.name in FORWARD or some_facts(here, action.name, True)
    ]
    forward = [choice for choice in choices if choice[1] in FORWARD]
    if not choices:
        return
    name, action = dice.choice(forward if forward and dice.random() < 0.5 else choices)
    try:
        facts = some_facts(here, action, dice.random() < 0.6)
        perform(matter, action, by=getattr(here, name), facts=facts, at=now)
    except Refused:
        pass


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_a_rebuild_gives_what_was_kept(here, seed) -> None:
    dice = random.Random(seed)
    now = timezone.now()
    with transaction.atomic():
        for _ in range(3):
            here.report(by=here.resident, longitude=114.305, latitude=30.505)
        for _ in range(60):
            act_at_random(here, dice, now)
            now += timedelta(hours=dice.choice([0, 1, 30, 200]))
            if dice.random() < 0.1:
                find_overdue(now)
            if dice.random() < 0.2:
                fold_pending(limit=dice.choice([1, 3, 50]))
        assert rebuild(here.community) == []
        check_evidence(here, now)
        while fold_pending():
            pass
        assert rebuild(here.community) == []
        check_evidence(here, now)
        transaction.set_rollback(True)


def check_evidence(here, now) -> None:
    span = (timezone.now().date() - timedelta(days=2), now.date() + timedelta(days=2))
    for name in (*registry, *STANDING):
        for unit in (None, here.roads, here.property_company):
            for category in ("", "pothole"):
                filters = {"organisation": unit, "category": category}
                kept = total(name, here.community, *span, **filters)
                assert evidence(name, here.community, *span, **filters).count() == kept


@pytest.fixture
def kept(here):
    here.at_stage("closed")
    fold_pending()
    return here


def test_a_wrong_figure_is_found_and_put_right(kept) -> None:
    Rollup.objects.filter(indicator="casework.answered").update(value=7)
    ((cell, was, is_now),) = rebuild(kept.community)
    assert (cell.indicator, was, is_now) == ("casework.answered", 7, 1)
    assert rebuild(kept.community) == []


def test_a_lost_and_an_invented_figure_are_found(kept) -> None:
    Rollup.objects.filter(indicator="casework.answered").delete()
    rollup = Rollup.objects.get(indicator="casework.rated")
    rollup.pk, rollup.cell, rollup.category = None, "0:0:lift", "lift"
    rollup.organisation = rollup.area = None
    rollup.save()
    assert {(one.kept, one.counted) for one in rebuild(kept.community)} == {(0, 1), (1, 0)}
    assert rebuild(kept.community) == []


def test_a_check_changes_nothing(kept) -> None:
    Rollup.objects.filter(indicator="casework.answered").update(value=7)
    said: list[str] = []
    assert rebuild_all(check=True, say=said.append) == 1
    assert said[0].startswith("dh: ")
    assert "casework.answered" in said[0]
    assert said[0].endswith("kept 7, counted 1")
    assert Rollup.objects.get(indicator="casework.answered").value == 7
    assert rebuild_all(say=said.append) == 1
    assert rebuild_all(check=True, say=said.append) == 0


def test_what_waits_is_counted_once_before_and_after(kept) -> None:
    kept.report()
    assert rebuild(kept.community) == []
    Rollup.objects.filter(indicator="casework.answered").update(value=7)
    rebuild(kept.community)
    fold_pending()
    assert rebuild(kept.community) == []
    assert (
        sum(Rollup.objects.filter(indicator="casework.reported").values_list("value", flat=True))
        == 2
    )
