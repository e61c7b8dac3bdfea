"""Text messages go as signed calls to the operator's gateway."""

from __future__ import annotations

import base64

import pytest

from linli.kernel.notify.delivering import deliver_due
from linli.kernel.notify.models import Notice

pytestmark = pytest.mark.django_db


def test_it_works(here, receiver, settings) -> None:
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_SECRET = receiver.url, "secret"
    matter = here.report(phone="13800138000", text="停水了").matter
    from linli.kernel.procedures.performing import perform

    perform(matter, "triage", by=here.dispatcher, facts={"category": "pothole"})
    perform(matter, "dispatch", by=here.dispatcher, facts={"to": str(here.roads.uuid)})
    deliver_due()

    call = receiver.calls[0]
    assert call.json["data"]["to"] == "13800138000"
    assert "/t/" in call.json["data"]["text"]
    assert call.signed_with(base64.b64encode(b"secret").decode())
    assert {call.json["data"]["to"] for call in receiver.calls} == {"13800138000"}


def test_without_a_gateway_none_is_written(here) -> None:
    here.at_stage("dispatched")

    assert not Notice.objects.filter(channel="sms").exists()
