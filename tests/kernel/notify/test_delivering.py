"""Claiming, trying again, giving up: the life of a notice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.notify.channels import DELIVERED, SKIPPED, Came, Outcome
from linli.kernel.notify.claiming import (
    LEASE,
    TRIES,
    claim,
    due,
    give_back,
    pause_after,
    settle,
    try_again,
)
from linli.kernel.notify.delivering import deliver_due
from linli.kernel.notify.models import Channel, Notice

pytestmark = pytest.mark.django_db
ALL = dict.fromkeys(Channel, 100)


@pytest.fixture
def notices(here):
    """What a report writes for the dispatcher: one in the inbox, one to push, one to mail."""
    event = here.report(by=here.resident)
    return Notice.objects.filter(event=event)


def one(notices) -> Notice:
    return notices.get(channel=Channel.EMAIL)


def test_the_inbox_has_it_at_once_and_the_rest_waits(notices) -> None:
    states = dict(notices.values_list("channel", "state"))

    assert states == {"site": "delivered", "push": "waiting", "email": "waiting"}


def test_who_has_no_other_way_is_skipped_without_noise(notices) -> None:
    assert deliver_due() == 2

    assert set(notices.exclude(channel="site").values_list("state", "last_error")) == {
        ("skipped", "")
    }
    assert not due().exists()


def test_a_claimed_notice_is_nobody_elses(notices) -> None:
    assert len(claim(ALL, {})) == 2
    assert claim(ALL, {}) == []


def test_a_claim_runs_out(notices) -> None:
    claim(ALL, {})

    again = claim(ALL, {}, timezone.now() + LEASE + timedelta(seconds=1))

    assert [notice.attempts for notice in again] == [2, 2]


def test_a_late_worker_does_not_overwrite_the_next_one(notices) -> None:
    first = next(n for n in claim(ALL, {}) if n.channel == "email")
    later = timezone.now() + LEASE + timedelta(seconds=1)
    second = next(n for n in claim(ALL, {}, later) if n.channel == "email")

    settle(second, DELIVERED)
    settle(first, Outcome(Came.REFUSED, "too late"))

    assert one(notices).state == Notice.State.DELIVERED


def test_what_fails_is_tried_again_later_and_later(notices) -> None:
    now = timezone.now()
    pauses = []
    for _try in range(TRIES - 1):
        claimed = next(n for n in claim(ALL, {}, now) if n.channel == "email")
        settle(claimed, Outcome(Came.FAILED, "busy"), now)
        pauses.append((one(notices).next_attempt_at - now).total_seconds())
        now = one(notices).next_attempt_at

    assert pauses == sorted(pauses)
    assert 3 < pauses[0] < 7
    assert one(notices).state == Notice.State.WAITING
    assert one(notices).last_error == "busy"


def test_after_the_last_try_it_is_given_up_with_the_reason(notices) -> None:
    Notice.objects.update(attempts=TRIES - 1)
    claimed = next(n for n in claim(ALL, {}) if n.channel == "email")

    settle(claimed, Outcome(Came.FAILED, "still busy"))

    assert (one(notices).state, one(notices).last_error) == ("dead", "still busy")


def test_what_is_refused_for_good_is_given_up_at_once(notices) -> None:
    claimed = next(n for n in claim(ALL, {}) if n.channel == "email")

    settle(claimed, Outcome(Came.REFUSED, "no such mailbox"))

    assert one(notices).state == Notice.State.DEAD


def test_a_pause_that_was_asked_for_is_kept(notices) -> None:
    now = timezone.now()
    claimed = next(n for n in claim(ALL, {}, now) if n.channel == "email")

    settle(claimed, Outcome(Came.FAILED, "429", retry_after=120), now)

    assert one(notices).next_attempt_at == now + timedelta(seconds=120)


def test_pauses_differ_so_that_not_all_come_back_at_once() -> None:
    assert len({pause_after(3) for _ in range(20)}) > 10


def test_what_is_given_back_was_not_tried(notices) -> None:
    give_back(claim(ALL, {}))

    assert [notice.attempts for notice in claim(ALL, {})] == [1, 1]


def test_trying_again_begins_anew(notices) -> None:
    notices.filter(channel="email").update(state="dead", attempts=9, last_error="gone")

    assert try_again(notices.filter(channel="email")) == 1
    assert due().filter(pk=one(notices).pk).exists()
    assert one(notices).attempts == 0


def test_trying_again_leaves_alone_what_is_under_way(notices) -> None:
    claim(ALL, {})

    assert try_again(notices) == 0


def test_trying_again_leaves_alone_what_was_delivered(notices) -> None:
    notices.update(state="delivered")

    assert try_again(notices) == 0


def test_one_that_cannot_be_written_does_not_stop_the_others(here, notices, monkeypatch) -> None:
    from linli.kernel.notify import delivering

    def pack(some):
        if any(notice.person_id == here.dispatcher.pk for notice in some):
            raise RuntimeError("13955550137")
        return {notice.pk: SKIPPED for notice in some}

    monkeypatch.setitem(delivering.PACKS, Channel.EMAIL, pack)
    here.at_stage("dispatched")
    deliver_due()

    mail = Notice.objects.filter(channel="email")
    assert set(mail.filter(person=here.dispatcher).values_list("state", "last_error")) == {
        ("waiting", "RuntimeError")
    }
    assert set(mail.exclude(person=here.dispatcher).values_list("state", flat=True)) == {"skipped"}


def test_an_idle_look_costs_one_query(here, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert claim(ALL, {}) == []
