"""Replies, promises, pauses, and clocks that run out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from linli.kernel.deadlines.tasks import find_overdue
from linli.kernel.procedures.errors import InvalidFacts, NotAllowed
from linli.kernel.procedures.performing import perform

TODAY = datetime.now(UTC).date()
SOON, LATER = TODAY + timedelta(days=10), TODAY + timedelta(days=20)


def promised(here, on=SOON):
    matter = here.at_stage("accepted")
    perform(
        matter, "reply", by=here.handler, facts={"text": "会修好", "promised_on": on.isoformat()}
    )
    matter.refresh_from_db()
    return matter


def test_the_promise_becomes_the_clock(here) -> None:
    matter = promised(here)

    clock = matter.clocks.get(name="solve")
    assert clock.promised
    assert clock.due_at == datetime(
        SOON.year, SOON.month, SOON.day, 15, 59, 59, tzinfo=UTC
    )  # the end of that day in Shanghai
    assert matter.due_clock == "solve"
    assert matter.clocks.get(name="reply").kept is True


def test_without_a_promise_the_packs_duration_runs(here) -> None:
    matter = here.at_stage("in_hand")

    assert not matter.clocks.get(name="solve").promised


def extension(until):
    return {"until": until.isoformat(), "reason": "weather", "explanation": "连日下雨"}


def test_a_promise_may_be_moved_once(here) -> None:
    matter = promised(here)

    event = perform(matter, "extend_promise", by=here.handler, facts=extension(LATER))

    assert event.facts["was"] == SOON.isoformat()
    matter.refresh_from_db()
    assert matter.servicerequest.promised_on == LATER
    with pytest.raises(InvalidFacts) as refused:
        perform(
            matter, "extend_promise", by=here.handler, facts=extension(LATER + timedelta(days=5))
        )
    assert list(refused.value.errors) == ["until"]


@pytest.mark.parametrize("until", [SOON, SOON - timedelta(days=1), TODAY - timedelta(days=1)])
def test_a_promise_only_moves_later(here, until) -> None:
    matter = promised(here)

    with pytest.raises(InvalidFacts):
        perform(matter, "extend_promise", by=here.handler, facts=extension(until))


def test_progress_does_not_move_a_promise_quietly(here) -> None:
    matter = promised(here)

    with pytest.raises(InvalidFacts):
        perform(
            matter, "inform", by=here.handler,
            facts={"text": "在等配件", "promised_on": LATER.isoformat()},
        )  # fmt: skip
    perform(matter, "inform", by=here.handler, facts={"text": "在等配件"})


def test_a_promise_kept_and_a_promise_broken(here) -> None:
    kept, broken = promised(here), promised(here)

    perform(kept, "solve", by=here.handler, facts={"text": "修好了"})
    late = timezone.now() + timedelta(days=15)
    perform(broken, "solve", by=here.handler, facts={"text": "修好了"}, at=late)

    kept.refresh_from_db()
    broken.refresh_from_db()
    assert not kept.servicerequest.promise_broken
    assert broken.servicerequest.promise_broken
    assert broken.clocks.get(name="solve").kept is False


def test_a_question_rests_the_clocks_and_the_answer_wakes_them(here) -> None:
    matter = here.at_stage("accepted")
    reply = matter.clocks.get(name="reply", stopped_at__isnull=True)
    left = reply.due_at

    perform(matter, "ask_reporter", by=here.handler, facts={"text": "几号楼?"})
    matter.refresh_from_db()
    assert matter.due_at is None
    assert find_overdue(timezone.now() + timedelta(days=60)) == 0

    later = timezone.now() + timedelta(days=7)
    perform(matter, "answer", by=here.resident, facts={"text": "三号楼"}, at=later)
    reply.refresh_from_db()
    assert reply.paused_at is None
    assert reply.due_at > left


def test_only_the_reporter_answers(here) -> None:
    matter = here.at_stage("accepted")

    with pytest.raises(NotAllowed):
        perform(matter, "answer", by=here.handler, facts={"text": "三号楼"})


def test_a_clock_that_ran_out_is_found_once_and_climbs(here) -> None:
    matter = here.at_stage("accepted")
    later = timezone.now() + timedelta(days=40)

    assert find_overdue(later) == 1
    assert find_overdue(later) == 0

    event = matter.events.get(kind="casework.overdue")
    assert event.facts == {"clock": "reply", "level": 1, "promised": False}
    assert {notice.person for notice in event.notices.all()} >= {here.handler, here.secretary}
    matter.refresh_from_db()
    assert matter.due_clock == "reply"


def test_a_broken_promise_is_public(here) -> None:
    matter = promised(here)

    find_overdue(timezone.now() + timedelta(days=30))

    matter.refresh_from_db()
    assert matter.servicerequest.promise_broken
    assert matter.events.get(kind="casework.overdue").audience == "public"


def test_people_do_not_say_that_a_clock_ran_out(here) -> None:
    matter = here.at_stage("accepted")

    with pytest.raises(NotAllowed):
        perform(matter, "clock_ran_out", by=here.supervisor, facts={"clock": "reply"})


def test_a_clock_with_time_left_did_not_run_out(here) -> None:
    matter = here.at_stage("accepted")

    with pytest.raises(InvalidFacts):
        perform(matter, "clock_ran_out", by="system", facts={"clock": "reply"})


def test_an_emergency_has_the_shortest_clock(here) -> None:
    slow, fast = here.report().matter, here.report(category="lift").matter

    def left(matter):
        return matter.clocks.get(name="reply").due_at - matter.created_at

    assert left(fast) == timedelta(hours=24)
    assert left(slow) > timedelta(days=6)
