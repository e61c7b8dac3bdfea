"""What happened to a matter, as far as a reader may see it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from linli.kernel.access.audiences import audiences_of
from linli.kernel.access.relations import relation_of
from linli.kernel.events.models import Event, PersonalValue
from linli.kernel.events.showing import Names, shown_value
from linli.kernel.matters.models import Attachment, Audience, Matter
from linli.kernel.packs.loading import content_of
from linli.kernel.people.secrets import ValueErased, decrypt_for
from linli.kernel.procedures.declaration import Action, action_of_event, procedure_named
from linli.kernel.procedures.facts import Says, label_of, marker_of, visibility_of

if TYPE_CHECKING:
    from datetime import datetime

    from linli.kernel.people.models import Person


@dataclass
class Entry:
    """One line of a timeline, ready to show in the active language."""

    event: Event
    at: datetime
    sentence: str
    actor: str
    stage: str  # the label of the stage reached, empty when it did not change
    fields: list[tuple[str, str]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The event's kind: "casework.replied"."""
        return self.event.kind


def timeline(
    matter: Matter, viewer: Person | None, relations: frozenset[str] | None = None
) -> list[Entry]:
    """Return what the viewer may see, oldest first, in a fixed number of queries.

    ``relations``: how the viewer stands to the matter, worked out when absent.
    """
    relations = relation_of(viewer, matter) if relations is None else relations
    audiences = audiences_of(relations, content_of(matter.pack))
    rows = Event.objects.filter(matter=matter, audience__in=audiences).order_by("seq")
    events = list(rows.select_related("actor", "organisation"))
    personal = _personal_values(events)
    files = _attachments(matter, events, audiences)
    names = Names(matter, events)
    return [
        Entry(
            event=event,
            at=event.at,
            sentence=_sentence(event),
            actor=_actor(event, viewer, audiences),
            stage=_stage(event),
            fields=_fields(event, audiences, personal[event.pk], names),
            attachments=files[event.pk],
        )
        for event in events
    ]


def _sentence(event: Event) -> str:
    _procedure, action = action_of_event(event.kind)
    return str(action.happened or action.label)


def _stage(event: Event) -> str:
    if event.from_stage == event.to_stage:
        return ""
    return str(procedure_named(event.kind.partition(".")[0]).stage(event.to_stage).label)


def _actor(event: Event, viewer: Person | None, audiences: frozenset[Audience]) -> str:
    """Name the organisation that acted; people by name only among staff, reporters never."""
    if event.relation == "system":
        return _("Linli")
    if event.relation in ("reporter", "public", "follower"):
        if viewer is not None and event.actor_id == viewer.pk:
            return _("You")
        return _("The reporter")
    organisation = event.organisation.name if event.organisation else _("Staff")
    if Audience.STAFF in audiences and event.actor and event.actor.display_name:
        return _("%(organisation)s, %(person)s") % {
            "organisation": organisation,
            "person": event.actor.display_name,
        }
    return organisation


def _fields(
    event: Event, audiences: frozenset[Audience], personal: dict[str, str], names: Names
) -> list[tuple[str, str]]:
    action: Action = action_of_event(event.kind)[1]
    shown = []
    for name, declared in action.facts.model_fields.items():
        if marker_of(declared, Says) is None or visibility_of(declared).audience not in audiences:
            continue  # what has no name in words (a longitude) is for maps, not for readers
        value: Any = personal.get(name, event.facts.get(name))
        if text := shown_value(declared, value, names):
            shown.append((label_of(name, declared), text))
    return shown


def _personal_values(events: list[Event]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    with_some = [event.pk for event in events if event.commitments]
    rows = PersonalValue.objects.filter(event_id__in=with_some)
    for value in rows.select_related("subject__key"):
        try:
            found[value.event_id][value.field] = decrypt_for(value.subject, bytes(value.ciphertext))
        except ValueErased:
            found[value.event_id][value.field] = _("(erased)")
    return found


def _attachments(
    matter: Matter, events: list[Event], audiences: frozenset[Audience]
) -> dict[int, list[Attachment]]:
    found: dict[int, list[Attachment]] = defaultdict(list)
    rows = Attachment.objects.filter(event__in=events, audience__in=audiences)
    for attachment in rows.select_related("upload").order_by("pk"):
        attachment.matter = matter  # known already: its link asks whether it is public
        found[attachment.event_id or 0].append(attachment)
    return found
