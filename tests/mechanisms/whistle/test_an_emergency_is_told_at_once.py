"""An emergency whistle is with browsers and machines within two seconds, by a worker at work."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from linli.kernel.background.working import work_until
from linli.kernel.notify.claiming import claim
from linli.kernel.notify.endpoints import add_endpoint
from linli.kernel.notify.models import Channel, Notice
from linli.kernel.notify.push_subscriptions import subscribe
from tests.kernel.notify.test_push import Browser
from tests.mechanisms.whistle.whistling import blow, call_of
from tests.neighbourhood import make_neighbourhood
from tests.receiver import receiving

BOUND = 2.0  # seconds


def work(stop: threading.Event) -> None:
    """Work as a worker's process does, and leave no connection behind."""
    try:
        work_until(stop)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_it_works(settings) -> None:
    settings.WEBHOOK_PRIVATE = True
    here = make_neighbourhood()
    with receiving() as machine, receiving() as push_service:
        push_service.status = 201
        browser = Browser(push_service.url)
        subscribe(here.handler, browser.subscription)
        _endpoint, secret = add_endpoint(
            here.community, "短信网关", machine.url, [], by=here.secretary
        )
        stop = threading.Event()
        worker = threading.Thread(target=work, args=(stop,))
        worker.start()
        try:
            blow(here)  # the worker is at work, its connections are open
            assert machine.wait_for(3, 30)
            assert push_service.wait_for(1, 30)
            machine.calls.clear()
            push_service.calls.clear()
            began = time.monotonic()
            whistle = blow(here, case="emergency")
            assert machine.wait_for(1, BOUND)
            assert push_service.wait_for(1, BOUND)
        finally:
            stop.set()
            worker.join(30)
        heard, pushed = machine.calls[0], push_service.calls[0]

    assert heard.at - began < BOUND
    assert pushed.at - began < BOUND
    assert heard.signed_with(secret)
    assert heard.json["data"]["matter"]["number"].startswith("DH-")
    assert browser.open(pushed.body)["url"] == f"/desk/m/{call_of(whistle, here.roads).number}/"
    assert pushed.headers["urgency"] == "high"


@pytest.mark.django_db
def test_before_everything_that_waits(here) -> None:
    for _number in range(3):
        here.at_stage("dispatched")
    blow(here, case="emergency")

    claimed = claim({Channel.PUSH: 2}, {})

    assert {one.matter.urgency for one in claimed} == {"emergency"}


@pytest.mark.django_db
def test_another_whistle_waits_its_turn(here) -> None:
    blow(here)

    soonest = Notice.objects.filter(channel=Channel.PUSH).order_by("next_attempt_at").first()
    assert soonest.next_attempt_at > timezone.now() - timedelta(minutes=5)


@pytest.mark.django_db
def test_a_whistle_that_is_not_public_calls_no_machine(here, settings) -> None:
    settings.WEBHOOK_PRIVATE = True
    add_endpoint(here.community, "网关", "http://127.0.0.1:9/in", [], by=here.secretary)
    blow(here, case="emergency", publish=False)

    assert not Notice.objects.filter(channel=Channel.WEBHOOK).exists()
    assert Notice.objects.filter(channel=Channel.PUSH, person=here.handler).exists()
