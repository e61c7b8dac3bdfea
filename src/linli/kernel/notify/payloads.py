"""What machines are told of an event: what anyone may read of it, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.kernel.matters.models import Audience
from linli.kernel.notify.readers import absolute
from linli.kernel.procedures.declaration import action_of_event
from linli.kernel.procedures.facts import visibility_of

if TYPE_CHECKING:
    from linli.kernel.events.models import Event
    from linli.kernel.matters.models import Matter
    from linli.kernel.organisations.models import Organisation


def is_public(event: Event) -> bool:
    """Whether anyone may know of the event: it is public, and its matter is."""
    return event.audience == Audience.PUBLIC and event.matter.audience == Audience.PUBLIC


def payload_of(event: Event) -> dict[str, Any]:
    """Return the payload of a webhook: type, time and data (Standard Webhooks).

    The event must have its matter (with ``responsible`` and ``community``) and its organisation
    loaded.
    """
    return {
        "type": event.kind,
        "timestamp": event.at.isoformat(),
        "data": {
            "event": str(event.uuid),
            "community": event.matter.community.code,
            "matter": _matter(event.matter),
            "version": event.seq,
            "from_stage": event.from_stage,
            "to_stage": event.to_stage,
            "organisation": _organisation(event.organisation),
            "facts": _facts(event),
            "leaf_hash": bytes(event.leaf_hash).hex(),
        },
    }


def _matter(matter: Matter) -> dict[str, Any]:
    return {
        "number": matter.number,
        "procedure": matter.procedure,
        "title": matter.public_title,
        "text": matter.public_text,
        "category": matter.category,
        "responsible": _organisation(matter.responsible),
        "href": absolute(f"/api/v1/matters/{matter.number}"),
    }


def _organisation(organisation: Organisation | None) -> dict[str, str] | None:
    if organisation is None:
        return None
    return {"uuid": str(organisation.uuid), "name": organisation.name}


def _facts(event: Event) -> dict[str, Any]:
    """Return the declared facts that are public; computed ones and personal ones are not."""
    declared = action_of_event(event.kind)[1].facts.model_fields
    return {
        name: event.facts[name]
        for name, field in declared.items()
        if name in event.facts and visibility_of(field).audience == Audience.PUBLIC
    }
