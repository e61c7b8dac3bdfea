"""The public account: proposed, put on, reviewed each quarter, left only with a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from linli.kernel.deadlines.models import Clock
from linli.kernel.deadlines.tasks import find_overdue
from linli.kernel.events.models import Event
from linli.kernel.notify.models import Notice
from linli.kernel.people.models import Person
from linli.kernel.procedures.errors import InvalidFacts, NotAllowed, WrongStage
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.models import AccountEntry
from linli.mechanisms.casework.promises import promise_of


def in_days(number: int) -> date:
    return (timezone.now() + timedelta(days=number)).date()


def facts(here, **more) -> dict:
    return {"reason": "money", "owner": str(here.committee.uuid), "text": "维修资金不足。", **more}


def on_account(here, **more):
    matter = here.at_stage("in_hand")
    perform(matter, "put_on_account", by=here.supervisor, facts=facts(here, **more))
    matter.refresh_from_db()
    return matter


def clock(matter, name: str) -> Clock:
    return Clock.objects.get(matter=matter, name=name, stopped_at__isnull=True)


def test_it_works(here) -> None:
    matter = here.at_stage("in_hand")
    perform(matter, "propose_account", by=here.handler, facts=facts(here))

    event = perform(
        matter, "put_on_account", by=here.supervisor, facts=facts(here, review_on=in_days(60))
    )

    matter.refresh_from_db()
    entry = AccountEntry.objects.get(matter=matter)
    assert (matter.stage, entry.state, entry.review_on) == ("on_account", "open", in_days(60))
    assert (entry.reason, entry.owner, entry.proposed_by) == ("money", here.committee, here.handler)
    assert event.audience == "public"


def test_the_clock_for_solving_rests_and_the_review_runs(here) -> None:
    matter = on_account(here)

    assert clock(matter, "solve").paused_at is not None
    assert clock(matter, "review").paused_at is None
    assert matter.due_clock == "review"


def test_without_a_day_the_review_is_a_quarter_away(here) -> None:
    on_account(here)

    assert AccountEntry.objects.get().review_on in (in_days(92), in_days(93))


@pytest.mark.parametrize("days", [0, -1, 94, 400])
@pytest.mark.parametrize("action", ["propose_account", "put_on_account"])
def test_a_day_outside_the_quarter_is_refused(here, action, days) -> None:
    matter = here.at_stage("in_hand")
    by = here.handler if action == "propose_account" else here.supervisor

    with pytest.raises(InvalidFacts) as refused:
        perform(matter, action, by=by, facts=facts(here, review_on=in_days(days)))

    assert list(refused.value.errors) == ["review_on"]
    assert not AccountEntry.objects.exists()


@pytest.mark.parametrize("role", ["handler", "dispatcher", "caller", "resident", "other_handler"])
def test_only_a_supervisor_puts_it_there(here, role) -> None:
    matter = here.at_stage("in_hand")

    with pytest.raises(NotAllowed):
        perform(matter, "put_on_account", by=getattr(here, role), facts=facts(here))


def test_a_supervisor_of_the_unit_does_not(here) -> None:
    matter = here.at_stage("in_hand")
    here.post(here.supervisor, here.roads, "lead")
    supervisor = Person.objects.get(pk=here.supervisor.pk)

    with pytest.raises(InvalidFacts):
        perform(matter, "put_on_account", by=supervisor, facts=facts(here))


def test_proposed_twice_is_refused(here) -> None:
    matter = here.at_stage("in_hand")
    perform(matter, "propose_account", by=here.handler, facts=facts(here))

    with pytest.raises(InvalidFacts):
        perform(matter, "propose_account", by=here.handler, facts=facts(here))


def test_a_proposal_can_be_declined_and_no_clock_ever_stopped(here) -> None:
    matter = here.at_stage("in_hand")
    before = clock(matter, "solve").due_at
    perform(matter, "propose_account", by=here.handler, facts=facts(here))
    perform(matter, "decline_account", by=here.supervisor, facts={"grounds": "有资金。"})

    assert AccountEntry.objects.get().state == "declined"
    assert (clock(matter, "solve").due_at, clock(matter, "solve").paused_at) == (before, None)
    perform(matter, "propose_account", by=here.handler, facts=facts(here))  # may be tried again


def test_a_proposal_falls_when_the_work_is_done(here) -> None:
    matter = here.at_stage("in_hand")
    perform(matter, "propose_account", by=here.handler, facts=facts(here))
    perform(matter, "solve", by=here.handler, facts={"text": "修好了。"})

    assert AccountEntry.objects.get().state == "declined"


@pytest.mark.parametrize("action", ["refer", "merge", "close", "dispatch"])
def test_it_does_not_leave_by_another_way(here, action) -> None:
    matter = on_account(here)

    with pytest.raises((WrongStage, InvalidFacts)):
        perform(matter, action, by=here.dispatcher, facts={"text": "结束"})


def test_solved_at_last(here) -> None:
    matter = on_account(here)
    perform(matter, "solve", by=here.handler, facts={"text": "资金到位，修好了。"})

    matter.refresh_from_db()
    entry = AccountEntry.objects.get()
    assert (matter.stage, entry.state, entry.left_by_event) == ("solved", "left", "casework.solved")
    assert matter.due_clock == "ask"


def test_taken_off_the_clock_runs_on_with_what_it_had_left(here) -> None:
    matter = on_account(here)
    left = clock(matter, "solve").remaining_seconds
    perform(matter, "take_off_account", by=here.supervisor, facts={"text": "资金已落实。"})

    matter.refresh_from_db()
    entry = AccountEntry.objects.get()
    assert (matter.stage, entry.state, entry.left_reason) == ("in_hand", "left", "资金已落实。")
    assert left is not None
    assert clock(matter, "solve").paused_at is None
    assert not Clock.objects.filter(matter=matter, name="review", stopped_at=None).exists()


def test_a_promise_moves_by_the_days_of_the_rest(here) -> None:
    matter = here.at_stage("accepted")
    promise = {"text": "修", "promised_on": in_days(20)}
    perform(matter, "reply", by=here.handler, facts=promise)
    perform(matter, "put_on_account", by=here.supervisor, facts=facts(here))
    matter.refresh_from_db()
    assert promise_of(matter) is None

    later = timezone.now() + timedelta(days=30)
    perform(matter, "take_off_account", by=here.supervisor, facts={"text": "可以修了"}, at=later)

    matter.refresh_from_db()
    assert matter.servicerequest.promised_on in (in_days(50), in_days(49))
    assert promise_of(matter).state == "pending"


def test_what_was_late_before_stays_late(here) -> None:
    matter = here.at_stage("in_hand")
    Clock.objects.filter(matter=matter, name="solve").update(
        due_at=timezone.now() - timedelta(days=1)
    )
    find_overdue()
    perform(matter, "put_on_account", by=here.supervisor, facts=facts(here))

    ended = Clock.objects.get(matter=matter, name="solve")
    assert (ended.stopped_at is not None, ended.kept) == (True, False)
    perform(matter, "take_off_account", by=here.supervisor, facts={"text": "可以修了"})
    assert clock(matter, "solve").due_at > timezone.now()


def test_solved_from_the_account_a_promise_that_rested_is_kept(here) -> None:
    matter = here.at_stage("accepted")
    promise = {"text": "修", "promised_on": in_days(20)}
    perform(matter, "reply", by=here.handler, facts=promise)
    perform(matter, "put_on_account", by=here.supervisor, facts=facts(here))
    later = timezone.now() + timedelta(days=60)

    event = perform(matter, "solve", by=here.handler, facts={"text": "修好了"}, at=later)

    matter.refresh_from_db()
    assert event.facts["promise"] == "kept"
    assert not matter.servicerequest.promise_broken
    assert promise_of(matter).state == "kept"


# --- the review ---------------------------------------------------------------------------------
def test_kept_for_another_quarter(here) -> None:
    matter = on_account(here, review_on=in_days(10))
    at = timezone.now() + timedelta(days=9)
    perform(
        matter, "review_account", by=here.supervisor, at=at,
        facts={"outcome": "kept", "text": "资金仍未落实。"},
    )  # fmt: skip

    entry = AccountEntry.objects.get()
    assert (entry.reviews, entry.text) == (1, "资金仍未落实。")
    assert entry.review_on in (in_days(101), in_days(102))
    first = Clock.objects.filter(matter=matter, name="review").order_by("pk").first()
    assert first.kept is True


def test_moved_to_another_day_with_a_reason(here) -> None:
    matter = on_account(here)
    day = in_days(30)
    moved = {"outcome": "moved", "review_on": day, "text": "下月开会定。"}
    event = perform(matter, "review_account", by=here.supervisor, facts=moved)

    assert AccountEntry.objects.get().review_on == day
    assert event.facts["text"] == "下月开会定。"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"outcome": "moved", "text": "再议"}, "review_on"),
        ({"outcome": "kept", "review_on": in_days(9).isoformat(), "text": "再议"}, "review_on"),
        ({"outcome": "moved", "review_on": in_days(500).isoformat(), "text": "再议"}, "review_on"),
        ({"outcome": "forgotten", "text": "再议"}, "outcome"),
        ({"outcome": "kept"}, "text"),
    ],
)
def test_a_review_that_is_none_is_refused(here, given, field) -> None:
    matter = on_account(here)

    with pytest.raises(InvalidFacts) as refused:
        perform(matter, "review_account", by=here.supervisor, facts=given)

    assert list(refused.value.errors) == [field]


def test_a_review_that_does_not_come_climbs_to_the_level_above(here) -> None:
    matter = on_account(here)
    Notice.objects.all().delete()
    late = timezone.now() + timedelta(days=100)

    assert find_overdue(late) == 1

    event = Event.objects.filter(matter=matter).order_by("-seq").first()
    assert (event.kind, event.facts["clock"], event.facts["level"]) == (
        "casework.overdue",
        "review",
        1,
    )
    assert Notice.objects.filter(person=here.secretary).exists()


def test_the_reporter_may_take_it_back_and_the_entry_closes(here) -> None:
    matter = on_account(here)
    perform(matter, "withdraw", by=here.resident)

    assert AccountEntry.objects.get().state == "left"
