"""One text message by the gateway of the installation: see docs/how-to/connect-a-gateway.md."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from linli.kernel.identifiers import new_uuid
from linli.kernel.notify.channels import Came
from linli.kernel.notify.channels.webhook import call

CODE = "people.code"  # by which the gateway chooses the text its company approved


class NotSent(RuntimeError):
    """The gateway did not take the message over."""


def has_gateway() -> bool:
    """Whether text messages can be sent here at all."""
    return bool(settings.SMS_GATEWAY_URL)


def send_text(to: str, text: str, template: str = CODE) -> None:
    """Hand one message to the gateway, once. Raises NotSent, which names no number."""
    payload = {
        "type": "sms",
        "timestamp": timezone.now().isoformat(),
        "data": {"to": to, "text": text, "template": template},
    }
    key = settings.SMS_GATEWAY_SECRET.encode()
    outcome = call(settings.SMS_GATEWAY_URL, [key], new_uuid().hex, payload, trusted=True)
    if outcome.came is not Came.DELIVERED:
        raise NotSent(outcome.came.value)
