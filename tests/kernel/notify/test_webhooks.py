"""Signed webhooks: which events, to whom, with which signature, and how receivers may answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel.notify import endpoints
from linli.kernel.notify.delivering import deliver_due
from linli.kernel.notify.models import Notice, WebhookEndpoint
from linli.kernel.procedures.performing import perform

pytestmark = pytest.mark.django_db


def public_reply(here):
    """Lead a matter on the public board to an answer."""
    matter = here.report(by=here.resident, text="王大妈 13955550137 家门口").matter
    facts = {"category": "pothole", "publish": True, "public_title": "路面坑洼"}
    perform(matter, "triage", by=here.dispatcher, facts=facts)
    perform(matter, "dispatch", by=here.dispatcher, facts={"to": str(here.roads.uuid)})
    perform(matter, "accept", by=here.handler, facts={})
    return perform(matter, "reply", by=here.handler, facts={"text": "一周内修好。"})


def waiting():
    return Notice.objects.filter(channel="webhook")


def test_it_works(here, hook, receiver) -> None:
    event = public_reply(here)
    deliver_due()

    call = next(call for call in receiver.calls if call.json["type"] == "casework.replied")
    assert call.signed_with(hook[1])
    assert call.json["data"]["matter"]["number"] == event.matter.number
    assert call.json["data"]["matter"]["title"] == "路面坑洼"
    assert call.json["data"]["event"] == str(event.uuid)
    assert not waiting().exclude(state="delivered").exists()


def test_each_event_comes_once_under_an_id_of_its_own(here, hook, receiver) -> None:
    public_reply(here)
    deliver_due()
    deliver_due()

    ids = [call.headers["webhook-id"] for call in receiver.calls]
    assert len(ids) == len(set(ids)) == waiting().count() > 0


def test_no_word_that_is_not_public_leaves(here, hook, receiver) -> None:
    public_reply(here)
    deliver_due()

    sent = b"".join(call.body for call in receiver.calls).decode()
    for word in ("王大妈", "13955550137", here.resident.username, here.handler.display_name):
        assert word not in sent


def test_a_matter_that_is_not_public_is_not_told(here, hook) -> None:
    here.report(by=here.resident)

    assert not waiting().exists()


def test_a_matter_hidden_since_is_not_told(here, hook, receiver) -> None:
    event = public_reply(here)
    type(event.matter).objects.filter(pk=event.matter_id).update(audience="parties")
    deliver_due()

    assert receiver.calls == []
    assert set(waiting().values_list("state", flat=True)) == {"skipped"}


def test_only_the_kinds_that_were_chosen(here, receiver, hook) -> None:
    WebhookEndpoint.objects.update(kinds=["casework.replied"])
    public_reply(here)
    deliver_due()

    assert {call.json["type"] for call in receiver.calls} == {"casework.replied"}


def test_another_community_hears_nothing(here, elsewhere, hook, receiver) -> None:
    public_reply(elsewhere)
    deliver_due()

    assert receiver.calls == []


@pytest.mark.parametrize("status", [301, 400, 404, 500, 503])
def test_a_refusal_is_tried_again_and_no_redirect_followed(here, hook, receiver, status) -> None:
    receiver.status, receiver.headers = status, {"Location": receiver.url}
    receiver.body = "出错了".encode()
    event = public_reply(here)
    Notice.objects.filter(channel="webhook").exclude(event=event).delete()
    deliver_due()

    notice = waiting().get()
    assert (notice.state, notice.attempts, len(receiver.calls)) == ("waiting", 1, 1)
    assert notice.last_error == f"{status} 出错了"


def test_a_receiver_that_is_gone_is_called_no_more(here, hook, receiver) -> None:
    receiver.status = 410
    public_reply(here)
    deliver_due()

    hook[0].refresh_from_db()
    assert not hook[0].active


def test_while_paused_events_wait_and_then_go(here, hook, receiver) -> None:
    event = public_reply(here)
    endpoints.set_active(hook[0], False, by=here.secretary)
    deliver_due()
    assert receiver.calls == []
    assert waiting().filter(event=event, state="waiting", attempts=0).exists()

    endpoints.set_active(hook[0], True, by=here.secretary)
    deliver_due()

    assert len(receiver.calls) == waiting().count()


def test_for_a_day_both_secrets_sign(here, hook, receiver) -> None:
    new = endpoints.rotate_secret(hook[0], by=here.secretary)
    endpoints.test_call(hook[0])
    assert receiver.calls[0].signed_with(new)
    assert receiver.calls[0].signed_with(hook[1])

    hook[0].previous_until = timezone.now() - timedelta(seconds=1)
    endpoints.test_call(hook[0])
    assert receiver.calls[1].signed_with(new)
    assert not receiver.calls[1].signed_with(hook[1])


def test_removing_takes_along_what_waits(here, hook) -> None:
    public_reply(here)
    endpoints.remove_endpoint(hook[0], by=here.secretary)

    assert not waiting().exists()
    assert not WebhookEndpoint.objects.exists()


def test_one_that_hangs_does_not_hold_up_the_others(here, hook, receiver, settings) -> None:
    from tests.receiver import receiving

    with receiving() as slow:
        slow.pause = 3
        endpoints.add_endpoint(here.community, "慢", slow.url, [], by=here.secretary)
        for _ in range(5):
            public_reply(here)
        wanted = waiting().filter(endpoint=hook[0]).count()
        assert wanted >= 4
        deliver_due(seconds=2.5)

    assert len(receiver.calls) == wanted
    assert len(slow.calls) == 2


def test_without_webhooks_an_event_costs_one_query_more(here, django_assert_num_queries) -> None:
    from linli.kernel.notify.fan_out import write_for_webhooks

    event = public_reply(here)
    with django_assert_num_queries(1):
        write_for_webhooks(event)
