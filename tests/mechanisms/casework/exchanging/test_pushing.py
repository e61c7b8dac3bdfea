"""Sending requests to another city: what the desk refers there, each once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.events.models import Event
from linli.kernel.exchange.endpoints import remove_endpoint, set_active, try_again
from linli.kernel.exchange.models import Endpoint, Exchanged
from linli.kernel.notify.claiming import TRIES
from linli.kernel.notify.posting import Unreachable
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.exchanging.pulling import pull
from linli.mechanisms.casework.exchanging.pushing import push_due
from linli.mechanisms.casework.exchanging.tasks import exchange_due, push_endpoint
from tests.foreign_city import answer, item

PLACE = {"longitude": 114.305, "latitude": 30.505}


def refer(here, to, **more):
    """Return a matter that was referred to an endpoint."""
    matter = here.at_stage("received", by=here.stranger, **PLACE)
    facts = {
        "reason": "other_authority", "referred_to": "邻市", "text": "由邻市办理。",
        "endpoint": str(to.uuid), "handover": "湖边路上有坑。",
    }  # fmt: skip
    perform(matter, "refer", by=here.dispatcher, facts=facts | more)
    matter.refresh_from_db()
    return matter


def later() -> int:
    """Send what is due tomorrow."""
    return push_due(timezone.now() + timedelta(days=1))


def test_it_works(here, city, endpoint) -> None:
    matter = refer(here, endpoint)

    assert push_due() == 1

    assert city.submitted == [{
        "jurisdiction_id": "city", "api_key": "k-1", "service_code": "P1",
        "description": f"湖边路上有坑。 [{matter.number}]", "account_id": matter.number,
        "lat": "30.505000", "long": "114.305000",
    }]  # fmt: skip
    event = Event.objects.get(kind="casework.sent_elsewhere")
    assert event.facts == {"to": "邻市", "their_id": "C-1"}
    assert push_due() == later() == 0


def test_the_public_text_where_no_other_was_written(here, city, endpoint) -> None:
    refer(here, endpoint, handover=None)
    push_due()

    assert city.submitted[0]["description"].startswith("第一网格: Damaged road")


def test_status_changes_flow_back(here, city, endpoint) -> None:
    matter = refer(here, endpoint)
    push_due()
    pull(endpoint)
    city.requests[0] |= {
        "status": "closed",
        "status_notes": "Filled.",
        "updated_datetime": "2027-01-01T00:00:00Z",
    }

    assert [pull(endpoint).news, pull(endpoint).news] == [1, 0]

    event = Event.objects.get(kind="casework.heard")
    assert event.matter == matter
    assert event.facts["status"] == "closed"
    assert matter.notices.filter(template="casework.heard", person=here.stranger).exists()


def test_what_we_sent_is_not_fetched_as_new(here, city, endpoint) -> None:
    refer(here, endpoint)
    push_due()

    assert pull(endpoint).new == 0


def test_a_try_that_may_have_arrived_is_looked_for(here, city, endpoint) -> None:
    matter = refer(here, endpoint)

    def lost(method: str, path: str):
        city.failing = None
        city.requests.append(item("C-7", description=f"x [{matter.number}]"))
        raise Unreachable("ReadTimeout")

    city.failing = lost
    assert push_due() == 0
    assert Exchanged.objects.get().unsure
    assert pull(endpoint).new == 0  # nor is it fetched meanwhile

    assert later() == 1
    assert city.submitted == []
    assert Exchanged.objects.get().their_id == "C-7"


def test_the_same_key_for_each_try(here, city, endpoint, monkeypatch) -> None:
    from linli.kernel.exchange import asking

    keys = []

    def fetch(method, url, content=b"", headers=None, **more):
        keys.append(headers.get("Idempotency-Key"))
        return answer([], 500) if len(keys) < 3 else city.fetch(method, url, content, headers)

    monkeypatch.setattr(asking, "fetch", fetch)
    refer(here, endpoint)
    push_due(), later()
    push_due(timezone.now() + timedelta(days=3))

    sent = [key for key in keys if key]
    assert len(sent) > 1
    assert len(set(sent)) == 1


@pytest.mark.parametrize(
    "refusal", [answer([{"code": 400, "description": "no"}], 400), answer([], 403)]
)
def test_a_refusal_is_given_up_and_shown(here, city, endpoint, refusal) -> None:
    refer(here, endpoint)
    city.failing = lambda method, path: refusal

    assert push_due() == 1

    row = Exchanged.objects.get()
    assert row.state == Exchanged.State.DEAD
    assert row.last_error.startswith(str(refusal.status))
    city.failing = None
    assert later() == 0
    assert try_again(Exchanged.objects.all()) == 1
    assert push_due() == 1


def test_failures_are_tried_again_and_then_given_up(here, city, endpoint) -> None:
    refer(here, endpoint)
    city.failing = lambda method, path: answer([], 503, retry_after=7)

    for day in range(TRIES):
        push_due(timezone.now() + timedelta(days=day))

    row = Exchanged.objects.get()
    assert (row.state, row.attempts) == (Exchanged.State.DEAD, TRIES)


def test_garbage_for_a_receipt(here, city, endpoint) -> None:
    refer(here, endpoint)
    city.receipt = [{"service_notice": "thanks"}]

    push_due()

    row = Exchanged.objects.get()
    assert (row.state, row.unsure) == (Exchanged.State.WAITING, True)


def test_a_token_first_and_the_number_later(here, city, endpoint) -> None:
    refer(here, endpoint)
    city.receipt = [{"token": "t"}]
    assert push_due() == 0
    city.receipt = ""
    assert later() == 0
    city.receipt = "C-5"

    assert push_due(timezone.now() + timedelta(days=2)) == 1

    assert len(city.submitted) == 1
    assert Exchanged.objects.get().their_id == "C-5"


def test_one_number_for_two_of_ours(here, city, endpoint) -> None:
    refer(here, endpoint), refer(here, endpoint)
    city.receipt = [{"service_request_id": "C-1"}]

    assert push_due() == 2

    states = set(Exchanged.objects.values_list("state", flat=True))
    assert states == {Exchanged.State.SHARED, Exchanged.State.DEAD}


@pytest.mark.parametrize("facts, field", [
    ({"handover": None}, "handover"), ({"endpoint": "no uuid"}, "endpoint"),
    ({"endpoint": "00000000-0000-7000-8000-000000000000"}, "endpoint"),
])  # fmt: skip
def test_what_cannot_be_sent_is_refused_at_once(here, endpoint, facts, field) -> None:
    matter = here.report(by=here.resident, category="pothole", **PLACE).matter
    given = {"reason": "other_authority", "referred_to": "邻市", "text": "x", "handover": "x",
             "endpoint": str(endpoint.uuid)} | facts  # fmt: skip

    with pytest.raises(InvalidFacts) as refusal:
        perform(matter, "refer", by=here.dispatcher, facts=given)

    assert field in refusal.value.errors
    assert not Exchanged.objects.exists()


def test_a_category_or_place_they_do_not_know(here, endpoint) -> None:
    given = {"reason": "other_authority", "referred_to": "x", "text": "x", "handover": "x",
             "endpoint": str(endpoint.uuid)}  # fmt: skip
    for matter in (here.report(**PLACE).matter, here.report(category="pothole").matter,
                   here.report(category="parking", **PLACE).matter):  # fmt: skip
        with pytest.raises(InvalidFacts) as refusal:
            perform(matter, "refer", by=here.dispatcher, facts=given)
        assert set(refusal.value.errors) == {"endpoint"}


def test_an_endpoint_of_another_community_or_paused(here, elsewhere, city, endpoint) -> None:
    from linli.kernel.exchange.endpoints import endpoint_to_send_to

    assert endpoint_to_send_to(elsewhere.community, endpoint.uuid) is None
    set_active(endpoint, False)
    assert endpoint_to_send_to(here.community, endpoint.uuid) is None


def test_referring_without_an_endpoint_sends_nothing(here, endpoint) -> None:
    refer(here, endpoint, endpoint=None)

    assert not Exchanged.objects.exists()


def test_in_the_background(here, city, endpoint) -> None:
    refer(here, endpoint)
    Endpoint.objects.update(next_pull_at=timezone.now() + timedelta(days=1))

    assert exchange_due() == 1
    assert exchange_due() == 0
    push_endpoint.call(endpoint.pk)
    assert len(city.submitted) == 1


def test_paused_it_waits(here, city, endpoint) -> None:
    refer(here, endpoint)
    set_active(endpoint, False)

    assert later() == 0
    set_active(endpoint, True)
    assert later() == 1


def test_removed_the_matters_stay(here, city, endpoint) -> None:
    matter = refer(here, endpoint)
    remove_endpoint(endpoint, by=here.secretary)

    matter.refresh_from_db()
    assert matter.stage == "referred"
