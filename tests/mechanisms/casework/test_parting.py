"""Whatever is joined and parted again: everybody keeps the own clock, answer and rating."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.kernel.deadlines.models import Clock
from linli.kernel.matters.models import MatterLink
from linli.kernel.procedures.errors import InvalidFacts, NotAllowed, WrongStage
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework import following

REASON = {"reason": "不是同一盏灯"}
RATED = {"contacted": True, "solved": True, "satisfaction": 5}


def join(here, twin, main) -> None:
    perform(twin, "merge", by=here.dispatcher, facts={"into": main.number})
    twin.refresh_from_db()


def part(here, twin) -> None:
    perform(twin, "part", by=here.dispatcher, facts=REASON)
    twin.refresh_from_db()


@pytest.mark.parametrize("stage", ["received", "dispatched", "accepted", "in_hand"])
def test_it_stands_again_where_it_stood(here, stage) -> None:
    main, twin = here.at_stage("accepted"), here.at_stage(stage, by=here.stranger)
    before = {c.name: c.due_at for c in Clock.objects.filter(matter=twin, stopped_at=None)}
    unit, reply = twin.responsible, twin.servicerequest.reply

    join(here, twin, main)
    part(here, twin)

    assert (twin.stage, twin.responsible) == (stage, unit)
    assert twin.servicerequest.reply == reply
    after = {c.name: c.due_at for c in Clock.objects.filter(matter=twin, stopped_at=None)}
    assert after.keys() == before.keys()
    for name, due in before.items():
        assert abs(after[name] - due) < timedelta(minutes=1)
    assert not MatterLink.objects.filter(source=twin).exists()
    assert main.events.last().kind != "casework.parted"


def test_an_answer_passed_on_is_taken_back_and_the_clock_runs_as_from_the_first(here) -> None:
    main, twin = here.at_stage("accepted"), here.report().matter
    due = Clock.objects.get(matter=twin, name="reply").due_at
    join(here, twin, main)
    perform(main, "reply", by=here.handler, facts={"text": "本周修"})

    part(here, twin)

    clock = Clock.objects.get(matter=twin, name="reply", stopped_at=None)
    assert clock.due_at == due
    assert twin.servicerequest.reply == ""
    perform(main, "solve", by=here.handler, facts={"text": "修好了"})
    twin.refresh_from_db()
    assert twin.stage == "received"


def test_an_answer_of_its_own_stays(here) -> None:
    main, twin = here.at_stage("in_hand"), here.at_stage("in_hand", by=here.stranger)
    perform(main, "inform", by=here.handler, facts={"text": "等材料"})
    join(here, twin, main)

    part(here, twin)

    assert twin.servicerequest.reply == "一周内修好。"
    assert not Clock.objects.filter(matter=twin, name="reply", stopped_at=None).exists()


def test_a_unit_dissolved_meanwhile_leads_back_to_the_desk(here) -> None:
    main, twin = here.at_stage("received"), here.at_stage("accepted", by=here.stranger)
    join(here, twin, main)
    here.roads.dissolved_on = timezone.localdate() - timedelta(days=1)
    here.roads.save()

    part(here, twin)

    assert (twin.stage, twin.responsible) == ("received", None)
    assert Clock.objects.filter(matter=twin, name="triage", stopped_at=None).exists()


def test_it_needs_a_reason(here) -> None:
    main, twin = here.at_stage("accepted"), here.report().matter
    join(here, twin, main)
    for facts in ({}, {"reason": " "}, {"reason": "字" * 5001}):
        with pytest.raises(InvalidFacts) as refused:
            perform(twin, "part", by=here.dispatcher, facts=facts)
        assert refused.value.errors.keys() == {"reason"}


def test_only_the_desk_and_only_what_is_joined(here) -> None:
    main, twin = here.at_stage("accepted"), here.report().matter
    with pytest.raises(WrongStage):
        perform(twin, "part", by=here.dispatcher, facts=REASON)
    join(here, twin, main)
    for person in (here.handler, here.resident, None):
        with pytest.raises(NotAllowed):
            perform(twin, "part", by=person, facts=REASON)


def test_neither_itself_nor_in_a_ring_nor_one_that_leads_others(here) -> None:
    first, second, third = (here.report().matter for _ in range(3))
    join(here, first, second)
    for matter, into in ((second, first), (second, second), (second, third), (third, first)):
        with pytest.raises(InvalidFacts) as refused:
            perform(matter, "merge", by=here.dispatcher, facts={"into": into.number})
        assert refused.value.errors.keys() == {"into"}


def test_when_the_main_one_is_taken_back_another_leads(here) -> None:
    main = here.at_stage("in_hand")
    perform(main, "triage", by=here.dispatcher,
            facts={"category": "streetlight", "public_title": "一盏路灯不亮"})  # fmt: skip
    first, second = (here.report().matter for _ in range(2))
    join(here, first, main)
    join(here, second, main)

    perform(main, "withdraw", by=here.resident)

    first.refresh_from_db()
    assert (first.stage, first.responsible) == ("in_hand", here.roads)
    assert (first.audience, first.public_title) == ("public", "一盏路灯不亮")
    assert MatterLink.objects.get(source=second).target == first
    perform(first, "solve", by=here.handler, facts={"text": "修好了"})
    second.refresh_from_db()
    assert second.stage == "solved"


@pytest.mark.parametrize(
    ("action", "facts", "stage"),
    [
        ("close", {"text": "没有这条路"}, "closed"),
        ("refer", {"reason": "other_authority", "referred_to": "区法院", "text": "请起诉"},
         "referred"),
    ],
)  # fmt: skip
def test_what_ends_the_main_one_ends_the_joined(here, action, facts, stage) -> None:
    main, twin = here.at_stage("received"), here.report().matter
    join(here, twin, main)

    perform(main, action, by=here.dispatcher, facts=facts)

    twin.refresh_from_db()
    assert twin.stage == stage
    assert not Clock.objects.filter(matter=twin, stopped_at=None).exists()


def test_joined_to_what_is_answered_it_hears_the_answer_with_its_promise(here) -> None:
    main = here.at_stage("accepted")
    day = timezone.localdate() + timedelta(days=5)
    perform(main, "reply", by=here.handler, facts={"text": "五天内修", "promised_on": day})
    twin = here.report().matter

    join(here, twin, main)

    request = twin.servicerequest
    request.refresh_from_db()
    assert (twin.stage, request.reply, request.promised_on) == ("joined", "五天内修", day)
    assert Clock.objects.get(matter=twin, name="reply").kept is True


def test_it_goes_with_the_unit_and_hears_of_moved_promises(here) -> None:
    main, twin = here.at_stage("received"), here.report().matter
    join(here, twin, main)
    perform(main, "dispatch", by=here.dispatcher, facts={"to": str(here.roads.uuid)})
    twin.refresh_from_db()
    assert twin.responsible == here.roads
    perform(main, "reply", by=here.handler, facts={"text": "会修"})
    day = timezone.localdate() + timedelta(days=9)
    perform(main, "inform", by=here.handler, facts={"text": "九天内", "promised_on": day})
    twin.servicerequest.refresh_from_db()
    assert twin.servicerequest.promised_on == day


def test_many_joined_are_told_by_a_task(here, monkeypatch) -> None:
    waiting = []
    go_on = following.pass_on_to_the_rest.call
    monkeypatch.setattr(
        following,
        "pass_on_to_the_rest",
        SimpleNamespace(enqueue=lambda *asked: waiting.append(asked)),
    )
    monkeypatch.setattr(following, "AT_ONCE", 1)
    monkeypatch.setattr(following, "A_TASK", 1)
    main = here.at_stage("accepted")
    twins = [here.report().matter for _ in range(3)]
    for twin in twins:
        join(here, twin, main)

    perform(main, "reply", by=here.handler, facts={"text": "本周修"})
    while waiting:
        asked = waiting.pop()
        go_on(*asked)
        go_on(*asked)  # a task that is done twice changes nothing more

    for twin in twins:
        twin.servicerequest.refresh_from_db()
        assert twin.servicerequest.reply == "本周修"
        assert twin.events.filter(kind="casework.replied_together").count() == 1


# --- any sequence --------------------------------------------------------------------------------
STEPS = st.tuples(
    st.sampled_from(["merge", "part", "reply", "solve", "rate"]), st.integers(0, 2),
    st.integers(0, 2), st.integers(1, 5), st.integers(1, 40),
)  # fmt: skip


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
def test_each_keeps_clock_and_rating_as_if_alone(here, steps) -> None:
    """Each is compared with what a naive account says: when answered, by what, how rated."""
    with transaction.atomic():
        now = timezone.now()
        matters = [here.at_stage("accepted", by=here.resident) for _ in range(3)]
        account = [Account(matter) for matter in matters]
        for name, one, other, stars, hours in steps:
            now += timedelta(hours=hours)
            for matter in matters:
                matter.refresh_from_db()
            step(here, account, name, one, other, stars, now)
            for kept in account:
                kept.check()
        transaction.set_rollback(True)


class Account:
    """What somebody who looks at one reporter alone writes down."""

    def __init__(self, matter) -> None:
        self.matter, self.into = matter, None
        self.due = Clock.objects.get(matter=matter, name="reply").due_at
        self.own, self.together = None, None  # when answered, and by whom
        self.stars = None

    @property
    def answered(self):
        return self.own or self.together

    def check(self) -> None:
        self.matter.refresh_from_db()
        self.matter.servicerequest.refresh_from_db()
        last = Clock.objects.filter(matter=self.matter, name="reply").order_by("-pk").first()
        assert last.due_at == self.due
        assert last.stopped_at == self.answered
        assert last.kept is (None if self.answered is None else self.answered <= self.due)
        assert self.matter.servicerequest.satisfaction == self.stars
        running = list(Clock.objects.filter(matter=self.matter, stopped_at=None))
        assert len({clock.name for clock in running}) == len(running)


def step(here, account: list[Account], name: str, one: int, other: int, stars: int, now) -> None:
    mine, main = account[one], account[other]
    with_me = [each for each in account if each.into is mine and each.matter.stage == "joined"]
    stage = mine.matter.stage
    facts = {
        "merge": {"into": main.matter.number},
        "part": REASON,
        "reply": {"text": "会修"},
        "solve": {"text": "修好"},
        "rate": {"contacted": True, "solved": stars > 2, "satisfaction": stars},
    }[name]
    by = {"merge": here.dispatcher, "part": here.dispatcher, "rate": here.resident}
    try:
        perform(mine.matter, name, by=by.get(name, here.handler), facts=facts, at=now)
    except (InvalidFacts, WrongStage):
        return
    if name == "merge":
        mine.into = main
        if main.matter.servicerequest.reply and mine.answered is None:
            mine.together = now
    elif name == "part":
        mine.into, mine.together = None, None
    elif name == "reply":
        mine.own = mine.own or now
        for each in with_me:
            each.together = each.together or (None if each.own else now)
    elif name == "rate":
        mine.stars = stars
    assert stage
