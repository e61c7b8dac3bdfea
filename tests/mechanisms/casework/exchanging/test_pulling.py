"""Fetching requests from another city: each once, whatever it answers."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from linli.kernel.events.models import Event
from linli.kernel.exchange.endpoints import set_active, try_again
from linli.kernel.exchange.models import Endpoint, Exchanged
from linli.kernel.matters.models import Matter
from linli.kernel.notify.posting import AddressRefused, TooLong, Unreachable
from linli.mechanisms.casework.exchanging.pulling import pull
from linli.mechanisms.casework.exchanging.tasks import exchange_due, pull_endpoint
from tests.foreign_city import answer, item


def test_it_works(here, city, endpoint) -> None:
    city.requests = [item("C-1")]

    done = pull(endpoint)

    assert (done.new, done.failure) == (1, "")
    matter = Matter.objects.get()
    assert (matter.text, matter.category, matter.area) == (
        "A deep hole.",
        "pothole",
        here.grid_area,
    )
    assert (matter.stage, matter.channel, matter.desk) == ("received", "exchange", here.desk)
    event = Event.objects.get()
    assert (event.kind, event.facts["source_id"]) == ("casework.taken_over", "C-1")
    assert set(matter.clocks.values_list("name", flat=True)) == {"triage", "reply"}
    _method, path, given = city.asked[-2]
    assert path == "requests.json"
    assert (given["jurisdiction_id"], given["api_key"], given["service_code"]) == (
        "city",
        "k-1",
        "L1,P1",
    )
    endpoint.refresh_from_db()
    assert endpoint.pulled_at
    assert endpoint.next_pull_at > timezone.now()


def test_nothing_twice(city, endpoint) -> None:
    city.requests = [item("C-1"), item("C-1")]

    assert [pull(endpoint).new, pull(endpoint).new] == [1, 0]
    assert Matter.objects.count() == 1


def test_only_what_is_open_and_for_us(city, endpoint) -> None:
    city.requests = [item("C-1", status="closed"), item("C-2", service_code="X9"), item("C-3")]

    assert pull(endpoint).new == 1


def test_all_pages(city, endpoint) -> None:
    city.requests = [item(f"C-{n}", service_code="X9") for n in range(100)] + [item("C-100")]

    assert pull(endpoint).new == 1


def test_a_server_without_pages_is_not_asked_for_ever(city, endpoint, monkeypatch) -> None:
    whole = [item(f"C-{n}", service_code="X9") for n in range(150)]
    monkeypatch.setattr(city, "_listed", lambda given: whole)

    pull(endpoint)

    assert sum(path == "requests.json" for _m, path, _g in city.asked) == 2


def test_long_spans_are_asked_for_in_parts(city, endpoint) -> None:
    Endpoint.objects.update(since=timezone.now() - timedelta(days=200))
    endpoint.refresh_from_db()

    pull(endpoint)

    assert sum("start_date" in given for _m, _p, given in city.asked) == 3


def test_what_is_shown_there_only_later_is_looked_back_for(city, endpoint) -> None:
    now = timezone.now()
    Endpoint.objects.update(since=now - timedelta(days=300), pulled_at=now)

    def began(at) -> float:
        city.asked.clear()
        endpoint.refresh_from_db()
        pull(endpoint, at)
        began = next(given["start_date"] for _m, _p, given in city.asked if "start_date" in given)
        return (at - datetime.fromisoformat(began)) / timedelta(days=1)

    assert 1 <= began(now) < 1.1
    assert 31 <= began(now + timedelta(days=1)) < 31.1
    assert 1 <= began(now + timedelta(days=1)) < 1.1


def test_nothing_from_before_it_was_added(city, endpoint) -> None:
    pull(endpoint)
    endpoint.refresh_from_db()
    pull(endpoint, timezone.now() + timedelta(days=1))

    asked = [given["start_date"] for _m, _p, given in city.asked if "start_date" in given]
    assert set(asked) == {endpoint.since.strftime("%Y-%m-%dT%H:%M:%SZ")}


def test_what_became_of_it_comes_back(city, endpoint) -> None:
    city.requests = [item("C-1")]
    pull(endpoint)
    city.requests[0] |= {
        "status": "closed",
        "status_notes": "Filled.",
        "updated_datetime": "2026-11-21T08:00:00Z",
    }

    assert [pull(endpoint).news, pull(endpoint).news] == [1, 0]

    event = Event.objects.get(kind="casework.heard")
    assert event.facts == {"source": "邻市", "status": "closed", "notes": "Filled."}
    assert Matter.objects.get().stage == "received"  # what they do does not end our work


def test_older_news_is_none(city, endpoint) -> None:
    city.requests = [item("C-1")]
    pull(endpoint)
    city.requests[0] |= {"status_notes": "Old.", "updated_datetime": "2026-11-19T08:00:00Z"}

    assert pull(endpoint).news == 0


@pytest.mark.parametrize("failure, part", [
    (answer(b"<html>", 200), "JSON"), (answer({}, 200), "list"), (answer([], 503), "503"),
    (answer([{"code": 403, "description": "bad key"}], 403), "bad key"), (answer([], 429), "429"),
    (answer(b"", 302, location="http://10.0.0.1/?api_key=k-1"), "10.0.0.1"),
    (Unreachable("ConnectTimeout"), "Timeout"), (TooLong("too long"), "long"),
    (AddressRefused("private network"), "private"),
])  # fmt: skip
def test_what_it_answers_instead(city, endpoint, failure, part) -> None:
    def fail(method: str, path: str):
        if isinstance(failure, Exception):
            raise failure
        return failure

    city.failing, since = fail, endpoint.since

    done = pull(endpoint)

    assert part in done.failure
    assert "k-1" not in done.failure
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.last_error, endpoint.since) == (1, done.failure, since)
    assert endpoint.next_pull_at > timezone.now()
    city.failing = None
    city.requests = [item("C-1")]
    assert pull(endpoint).new == 1


def test_one_that_cannot_be_taken_does_not_stop_the_rest(city, endpoint) -> None:
    services = {"P1": "gone_from_the_pack", "L1": "streetlight"}
    Endpoint.objects.update(services=services)
    endpoint.refresh_from_db()
    city.requests = [item("C-1"), {"status": "open"}, item("C-2", service_code="L1")]

    done = pull(endpoint)

    assert (done.new, done.refused, done.unreadable) == (1, 1, 1)
    row = Exchanged.objects.get(state=Exchanged.State.DEAD)
    assert row.their_id == "C-1"
    assert row.last_error

    Endpoint.objects.update(services={"P1": "pothole"})
    endpoint.refresh_from_db()
    assert try_again(Exchanged.objects.filter(pk=row.pk)) == 1
    assert pull(endpoint).new == 1


def test_one_they_tell_nothing_of_any_more_is_given_up(city, endpoint) -> None:
    Exchanged.objects.create(endpoint=endpoint, way="in", state="waiting", their_id="C-9")

    pull(endpoint)

    assert Exchanged.objects.get().state == Exchanged.State.DEAD


def test_in_the_background(city, endpoint) -> None:
    city.requests = [item("C-1")]

    assert exchange_due() == 1
    assert exchange_due() == 0  # not again before it is due

    pull_endpoint.call(endpoint.pk)
    assert Matter.objects.count() == 1


def test_one_that_is_paused_is_let_be(here, city, endpoint) -> None:
    set_active(endpoint, False, by=here.secretary)

    assert exchange_due() == 0
    pull_endpoint.call(endpoint.pk)
    assert len(city.asked) == 1  # when it was added


def test_a_key_of_another_master_key(city, endpoint, settings) -> None:
    settings.MASTER_KEY = "another"

    assert pull(endpoint).failure == "The key cannot be read; please enter it again."
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.pulled_at) == (1, None)
