"""Writing notices in the transaction of their event; a worker delivers them later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from linli.kernel.matters.models import Urgency
from linli.kernel.notify.models import Channel, Notice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linli.kernel.events.models import Event
    from linli.kernel.matters.models import Matter
    from linli.kernel.people.models import Person


AHEAD = timedelta(days=1)  # longer than anything waits: tries end after some 17 hours


def first_try(event: Event) -> datetime:
    """Return when the notices of an event are due: now, an emergency's before all that wait.

    Workers take what is due longest first.
    """
    emergency = event.matter.urgency == Urgency.EMERGENCY
    return timezone.now() - AHEAD if emergency else timezone.now()


def notice_for(
    person: Person, event: Event, template: str, context: dict[str, Any]
) -> list[Notice]:
    """Return the unsaved notices that tell a person of an event, one for each channel.

    The one for the site's inbox is delivered by being written. What is sent besides depends on
    the person's own settings, read at delivery.
    """
    due = first_try(event)
    return [
        Notice(
            community_id=event.community_id,
            channel=channel,
            person=person,
            matter_id=event.matter_id,
            event=event,
            template=template,
            context=context,
            state=Notice.State.DELIVERED if channel == Channel.SITE else Notice.State.WAITING,
            next_attempt_at=due,
            delivered_at=event.at if channel == Channel.SITE else None,
        )
        for channel in _channels(person)
    ]


def _channels(person: Person) -> Iterator[Channel]:
    if not person.is_guest:  # a guest has no inbox and no browser of record
        yield Channel.SITE
        yield Channel.PUSH
    yield Channel.EMAIL
    if settings.SMS_GATEWAY_URL:
        yield Channel.SMS


def tell_about(matter: Matter, person: Person, template: str) -> None:
    """Write notices that tell a person something of a matter to which nothing happened."""
    Notice.objects.bulk_create(
        Notice(
            community_id=matter.community_id,
            channel=channel,
            person=person,
            matter=matter,
            template=template,
            state=Notice.State.DELIVERED if channel == Channel.SITE else Notice.State.WAITING,
            delivered_at=timezone.now() if channel == Channel.SITE else None,
        )
        for channel in _channels(person)
    )
