"""Writing notices in the transaction of their event; a worker delivers them later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.kernel.notify.models import Channel, Notice

if TYPE_CHECKING:
    from linli.kernel.events.models import Event
    from linli.kernel.people.models import Person


def notice_for(
    person: Person, event: Event, template: str, context: dict[str, Any]
) -> list[Notice]:
    """Return the unsaved notices that tell a person of an event, one for each channel.

    The site inbox always; what else depends on the person's own settings, read at delivery.
    """
    return [
        Notice(
            community_id=event.community_id,
            channel=channel,
            person=person,
            matter_id=event.matter_id,
            event=event,
            template=template,
            context=context,
        )
        for channel in (Channel.SITE, Channel.PUSH, Channel.EMAIL)
        if not (person.is_guest and channel == Channel.PUSH)
    ]
