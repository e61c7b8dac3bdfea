"""Public events to the webhooks that want them, in the transaction of the event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linli.kernel.events.subscriptions import subscribe
from linli.kernel.notify.models import Channel, Notice, WebhookEndpoint
from linli.kernel.notify.outbox import first_try
from linli.kernel.notify.payloads import is_public

if TYPE_CHECKING:
    from linli.kernel.events.models import Event


@subscribe("*")
def write_for_webhooks(event: Event) -> None:
    """Write a notice for every webhook of the community that wants events of this kind."""
    if not is_public(event):
        return
    endpoints = WebhookEndpoint.objects.filter(community_id=event.community_id, active=True)
    due = first_try(event)
    notices = [
        Notice(
            community_id=event.community_id,
            channel=Channel.WEBHOOK,
            endpoint=endpoint,
            matter_id=event.matter_id,
            event=event,
            template=event.kind,
            next_attempt_at=due,
        )
        for endpoint in endpoints
        if not endpoint.kinds or event.kind in endpoint.kinds
    ]
    if notices:
        Notice.objects.bulk_create(notices)
