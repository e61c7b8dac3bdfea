"""Text messages: a signed call to the operator's gateway, which knows the telephone company."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings

from linli.kernel.notify.channels import SKIPPED
from linli.kernel.notify.channels.email import contacts_of
from linli.kernel.notify.channels.webhook import call
from linli.kernel.notify.preferences import preferences_of, wants
from linli.kernel.notify.texts import compose_all
from linli.kernel.people.models import Contact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linli.kernel.notify.channels import Packed
    from linli.kernel.notify.models import Notice
    from linli.kernel.notify.texts import Text


def pack(notices: Sequence[Notice]) -> Packed:
    """Write the messages; who left no number, or wants none, is skipped."""
    if not settings.SMS_GATEWAY_URL:
        return {notice.pk: SKIPPED for notice in notices}
    people = {notice.person_id for notice in notices if notice.person_id}
    preferences = preferences_of(people)
    numbers = contacts_of(people, Contact.Kind.PHONE)
    to_send = [
        notice
        for notice in notices
        if notice.person_id in numbers and wants(preferences, notice.person_id, "sms")
    ]
    texts = compose_all(to_send)
    sends = {
        notice.pk: partial(
            call,
            settings.SMS_GATEWAY_URL,
            [settings.SMS_GATEWAY_SECRET.encode()],
            notice.uuid.hex,
            _payload(notice, texts[notice.pk], numbers[notice.person_id]),
            trusted=True,
        )
        for notice in to_send
        if notice.person_id
    }
    return {notice.pk: sends.get(notice.pk, SKIPPED) for notice in notices}


def _payload(notice: Notice, text: Text, number: str) -> dict[str, object]:
    return {
        "type": "sms",
        "timestamp": notice.created_at.isoformat(),
        "data": {"to": number, "text": text.body, "template": notice.template},
    }
