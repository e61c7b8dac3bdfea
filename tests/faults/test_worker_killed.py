"""A worker is killed, stopped, doubled: nothing is lost, and nothing counts twice."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from linli.kernel.deadlines.tasks import find_overdue
from linli.kernel.events.models import Event
from linli.kernel.indicators.models import PendingEvent
from linli.kernel.notify.endpoints import add_endpoint
from linli.kernel.notify.models import Notice
from linli.kernel.procedures.performing import perform
from tests.faults.worker import WorkerProcess
from tests.neighbourhood import make_neighbourhood
from tests.receiver import receiving

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60.0
MATTERS = 6


@pytest.fixture
def here():
    return make_neighbourhood()


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_PRIVATE = True
    with receiving() as one:
        yield one


def answered(here):
    """Lead a public matter to an answer; return the answer's event."""
    matter = here.report(by=here.resident).matter
    facts = {"category": "pothole", "publish": True, "public_title": "路面坑洼"}
    perform(matter, "triage", by=here.dispatcher, facts=facts)
    perform(matter, "dispatch", by=here.dispatcher, facts={"to": str(here.roads.uuid)})
    perform(matter, "accept", by=here.handler, facts={})
    return perform(matter, "reply", by=here.handler, facts={"text": "一周内修好。"})


def wait_until(true) -> bool:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if true():
            return True
        time.sleep(0.1)
    return False


def none_waits() -> bool:
    return not Notice.objects.filter(state="waiting").exists()


def test_killed_while_it_delivers_nothing_is_lost(here, receiver) -> None:
    add_endpoint(here.community, "测试", receiver.url, [], by=here.secretary)
    receiver.pause = 1
    for _ in range(MATTERS):
        answered(here)
    wanted = {f"msg_{n.uuid.hex}" for n in Notice.objects.filter(channel="webhook")}
    assert len(wanted) >= MATTERS

    with WorkerProcess() as worker:
        assert receiver.wait_for(2, PATIENCE)
        worker.kill()
    before = [call.headers["webhook-id"] for call in receiver.calls]
    assert Notice.objects.filter(channel="webhook", state="waiting").exists()

    receiver.pause = 0
    long_ago = timezone.now() - timedelta(seconds=1)  # as if the claims had run out
    Notice.objects.filter(claimed_until__isnull=False).update(claimed_until=long_ago)
    with WorkerProcess():
        assert wait_until(none_waits)

    counted = Counter(call.headers["webhook-id"] for call in receiver.calls)
    assert set(counted) == wanted
    again = {identifier for identifier, times in counted.items() if times > 1}
    assert again <= set(before), "only what was under way may come again, under the same id"
    assert max(counted.values()) <= 2
    assert set(Notice.objects.filter(channel="webhook").values_list("state", flat=True)) == {
        "delivered"
    }


def test_two_workers_deliver_each_notice_once(here, receiver) -> None:
    add_endpoint(here.community, "测试", receiver.url, [], by=here.secretary)
    for _ in range(MATTERS):
        answered(here)
    wanted = Notice.objects.filter(channel="webhook").count()

    with WorkerProcess(), WorkerProcess():
        assert wait_until(none_waits)

    ids = [call.headers["webhook-id"] for call in receiver.calls]
    assert len(ids) == len(set(ids)) == wanted


def test_told_to_stop_it_finishes_what_is_under_way(here, receiver) -> None:
    add_endpoint(here.community, "测试", receiver.url, ["casework.replied"], by=here.secretary)
    receiver.pause = 1
    answered(here)

    with WorkerProcess() as worker:
        assert receiver.wait_for(1, PATIENCE)
        assert worker.stop(PATIENCE) == 0

    assert Notice.objects.get(channel="webhook").state == "delivered"
    assert not Notice.objects.filter(claimed_until__isnull=False).exists()


def test_an_event_reaches_a_receiver_within_two_seconds(here, receiver) -> None:
    add_endpoint(here.community, "测试", receiver.url, ["casework.replied"], by=here.secretary)
    answered(here)
    with WorkerProcess():
        assert receiver.wait_for(1, PATIENCE)  # it has started
        took = []
        for number in range(2, 5):
            answered(here)
            began = time.monotonic()
            assert receiver.wait_for(number, PATIENCE)
            took.append(receiver.calls[-1].at - began)

    assert sorted(took)[1] < 2, took


def test_the_worker_folds_events_and_finds_overdue_clocks(here) -> None:
    matter = here.at_stage("accepted")
    matter.clocks.filter(stopped_at=None).update(due_at=timezone.now() - timedelta(hours=1))

    with WorkerProcess():
        assert wait_until(lambda: Event.objects.filter(kind="casework.overdue").exists())
        assert wait_until(lambda: not PendingEvent.objects.exists())

    assert (
        Event.objects.filter(kind="casework.overdue").count()
        == matter.clocks.filter(overdue_at__isnull=False).count()
    )


def test_two_workers_find_each_overdue_clock_once(here) -> None:
    for _ in range(MATTERS):
        here.at_stage("accepted")
    later = timezone.now() + timedelta(days=40)
    failures: list[BaseException] = []

    def look() -> None:
        try:
            find_overdue(later)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)

    assert failures == []
    found = Event.objects.filter(kind="casework.overdue").values_list("matter", flat=True)
    assert len(found) == len(set(found)) == MATTERS, connection.vendor
