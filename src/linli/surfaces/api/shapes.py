"""What the API answers with."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ninja import Schema

if TYPE_CHECKING:
    from linli.kernel.events.timeline import Entry
    from linli.kernel.matters.models import Matter
    from linli.kernel.procedures.declaration import Action


class OrganisationRef(Schema):
    """An organisation by identifier and name."""

    uuid: UUID
    name: str


class AreaRef(Schema):
    """An area by identifier, code and name."""

    uuid: UUID
    code: str
    name: str


class MatterShape(Schema):
    """A matter as its caller may see it. Times are UTC. Nothing of the reporter is here."""

    uuid: UUID
    number: str
    procedure: str
    title: str
    text: str
    stage: str
    version: int
    urgency: str
    category: str
    channel: str
    audience: str
    responsible: OrganisationRef | None
    area: AreaRef | None
    address: str
    longitude: float | None
    latitude: float | None
    created_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    due_clock: str

    @classmethod
    def of(cls, matter: Matter, *, whole: bool) -> MatterShape:
        """Return the shape; without ``whole`` only what the public board shows."""
        return cls(
            uuid=matter.uuid,
            number=matter.number,
            procedure=matter.procedure,
            title=matter.title if whole else matter.public_title,
            text=matter.text if whole else matter.public_text,
            stage=matter.stage,
            version=matter.version,
            urgency=matter.urgency,
            category=matter.category,
            channel=matter.channel,
            audience=matter.audience,
            responsible=_organisation(matter),
            area=_area(matter),
            address=matter.address_text if whole else "",
            longitude=matter.longitude if whole else None,
            latitude=matter.latitude if whole else None,
            created_at=matter.created_at,
            changed_at=matter.changed_at,
            closed_at=matter.closed_at,
            due_at=matter.due_at if whole else None,
            due_clock=matter.due_clock if whole else "",
        )


def _organisation(matter: Matter) -> OrganisationRef | None:
    unit = matter.responsible
    return OrganisationRef(uuid=unit.uuid, name=unit.name) if unit else None


def _area(matter: Matter) -> AreaRef | None:
    area = matter.area
    return AreaRef(uuid=area.uuid, code=area.code, name=area.name) if area else None


class MatterPage(Schema):
    """Some matters; ``next`` is the cursor of the following page, null at the end."""

    items: list[MatterShape]
    next: str | None


class ActionShape(Schema):
    """An action the caller may perform now."""

    name: str
    label: str

    @classmethod
    def of(cls, action: Action) -> ActionShape:
        """Return the shape of an action."""
        return cls(name=action.name, label=str(action.label))


class MatterWithActions(MatterShape):
    """One matter and what the caller may do with it now."""

    actions: list[ActionShape]


class FieldShape(Schema):
    """A fact of an event, as text in the caller's language."""

    label: str
    value: str


class EventShape(Schema):
    """One event of a timeline, as far as the caller may see it."""

    version: int
    kind: str
    at: datetime
    sentence: str
    actor: str
    stage: str
    fields: list[FieldShape]
    leaf_hash: str

    @classmethod
    def of(cls, entry: Entry) -> EventShape:
        """Return the shape of a timeline's entry."""
        return cls(
            version=entry.event.seq,
            kind=entry.kind,
            at=entry.at,
            sentence=entry.sentence,
            actor=entry.actor,
            stage=entry.event.to_stage,
            fields=[FieldShape(label=label, value=value) for label, value in entry.fields],
            leaf_hash=bytes(entry.event.leaf_hash).hex(),
        )


class Done(Schema):
    """What an action led to. ``tracking_token`` opens ``/t/TOKEN/`` for a guest's report."""

    number: str
    uuid: UUID
    stage: str
    version: int
    event: UUID
    repeated: bool
    due_at: datetime | None
    promised_on: date | None = None
    tracking_token: str | None = None


class ProcedureShape(Schema):
    """A procedure: its stages and actions with the JSON Schema of their facts."""

    name: str
    title: str
    stages: list[dict[str, Any]]
    starts: list[dict[str, Any]]
    actions: list[dict[str, Any]]
    diagram: str


class UploadShape(Schema):
    """A stored upload, to be named in the facts of an action within a day."""

    uuid: UUID
    kind: str
    size: int
    sha256: str
