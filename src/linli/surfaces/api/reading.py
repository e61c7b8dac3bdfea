"""Matters and events as their caller may read them, by the audiences the caller belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from linli.kernel.access.audiences import audiences_of
from linli.kernel.access.relations import relation_of
from linli.kernel.events.timeline import timeline
from linli.kernel.files.links import link_to
from linli.kernel.matters.models import Audience, Matter, Participant
from linli.kernel.matters.queries import in_charge
from linli.kernel.matters.visibility import PARTY_ROLES
from linli.kernel.packs.loading import content_of
from linli.kernel.people.models import Contact
from linli.kernel.procedures.declaration import action_of_event, procedure_named
from linli.kernel.procedures.facts import visibility_of
from linli.kernel.procedures.performing import available_actions
from linli.mechanisms.casework.questions import answers_of
from linli.mechanisms.casework.shielding import reporter_hidden_from
from linli.surfaces.api.shapes import (
    ActionRef,
    AnswerShape,
    AreaRef,
    EventShape,
    FactShape,
    FileShape,
    MatterShape,
    MatterWhole,
    OrganisationRef,
    ReporterShape,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linli.kernel.access.models import ApiToken
    from linli.kernel.events.models import Event
    from linli.kernel.events.timeline import Entry
    from linli.kernel.organisations.models import Community, Organisation
    from linli.kernel.people.models import Person

Audiences = frozenset[Audience]
RELATED = ("responsible", "area", "desk", "community__pack", "pack")
LARGE = ("area__boundary", "community__pack__content", "pack__content")
DEGREES = 3  # decimals of a place shown to those who need not know the doorway: some 100 m
_PUBLIC = frozenset({Audience.PUBLIC})
_PARTY = _PUBLIC | {Audience.PARTIES}
_STAFF = _PARTY | {Audience.STAFF}


def audiences_by_matter(
    matters: list[Matter], person: Person, community: Community
) -> dict[int, Audiences]:
    """Return which audiences a person belongs to for each of some matters. Two queries."""
    keys = [matter.pk for matter in matters]
    charge = set(in_charge(person, community).filter(pk__in=keys).values_list("pk", flat=True))
    parts = Participant.objects.filter(matter__in=keys, person=person, role__in=PARTY_ROLES)
    party = set(parts.values_list("matter_id", flat=True))
    party.update(matter.pk for matter in matters if matter.reporter_id == person.pk)
    return {key: _STAFF if key in charge else _PARTY if key in party else _PUBLIC for key in keys}


def shapes_of(matters: list[Matter], token: ApiToken) -> list[MatterShape]:
    """Return matters of a list, each as the token's person may read it. Two queries."""
    audiences = audiences_by_matter(matters, token.person, token.community)
    return [
        MatterShape(**matter_values(matter, token.person, audiences[matter.pk]))
        for matter in matters
    ]


def whole_of(matter: Matter, person: Person) -> MatterWhole:
    """Return one matter with what the person may do with it now."""
    audiences = audiences_of(relation_of(person, matter), content_of(matter.pack))
    actions = [
        ActionRef(
            name=action.name,
            label=str(action.label),
            href=f"/api/v1/matters/{quote(matter.number)}/actions/{action.name}",
        )
        for action in available_actions(matter, person)
        if not action.hidden
    ]
    reporter = _reporter(matter, person) if Audience.STAFF in audiences else None
    values = matter_values(matter, person, audiences)
    answers = _answers(matter, person) if Audience.PARTIES in audiences else []
    return MatterWhole(**values, actions=actions, reporter=reporter, answers=answers)


def _answers(matter: Matter, person: Person) -> list[AnswerShape]:
    """As with contact data: what is personal of others is read on the workbench alone."""
    found = answers_of(matter, personal=matter.reporter_id == person.pk)
    return [
        AnswerShape(
            code=one.code,
            question=one.question,
            value=one.value,
            answer=one.answer,
            personal=one.personal,
        )
        for one in found
    ]


def matter_values(matter: Matter, person: Person, audiences: Audiences) -> dict[str, Any]:
    """Return the values of a matter's shape, each only to the audience it is for."""
    party, staff = Audience.PARTIES in audiences, Audience.STAFF in audiences
    mine = matter.reporter_id == person.pk
    return {
        "uuid": matter.uuid,
        "number": matter.number,
        "procedure": matter.procedure,
        "stage": matter.stage,
        "stage_label": str(procedure_named(matter.procedure).stage(matter.stage).label),
        "version": matter.version,
        "title": matter.title if party else matter.public_title,
        "text": matter.text if party else matter.public_text,
        "public_title": matter.public_title,
        "public_text": matter.public_text,
        "category": matter.category,
        "urgency": matter.urgency if party else None,
        "channel": matter.channel if party else None,
        "audience": matter.audience if staff else None,
        "desk": _organisation(matter.desk) if party else None,
        "responsible": _organisation(matter.responsible),
        "area": _area(matter),
        "created_at": matter.created_at,
        "changed_at": matter.changed_at,
        "closed_at": matter.closed_at,
        "due_at": matter.due_at if party else None,
        "due_clock": matter.due_clock or None if party else None,
        "reported_by_me": mine,
        **_place(matter, exact=staff or mine),
    }


def _place(matter: Matter, *, exact: bool) -> dict[str, Any]:
    longitude, latitude = matter.longitude, matter.latitude
    if not exact:
        longitude = None if longitude is None else round(longitude, DEGREES)
        latitude = None if latitude is None else round(latitude, DEGREES)
    address = matter.address_text if exact else None
    return {"address": address, "longitude": longitude, "latitude": latitude}


def _organisation(organisation: Organisation | None) -> OrganisationRef | None:
    if organisation is None:
        return None
    return OrganisationRef(uuid=organisation.uuid, name=organisation.name)


def _area(matter: Matter) -> AreaRef | None:
    area = matter.area
    return AreaRef(uuid=area.uuid, code=area.code, name=area.name) if area else None


def _reporter(matter: Matter, person: Person) -> ReporterShape | None:
    if matter.reporter is None or reporter_hidden_from(person, matter):
        return None
    kinds = Contact.objects.filter(person=matter.reporter).order_by("kind")
    return ReporterShape(
        account=not matter.reporter.is_guest, contacts=list(kinds.values_list("kind", flat=True))
    )


# --- events ---------------------------------------------------------------------------------
def events_of(matter: Matter, person: Person, since: int = 0) -> list[EventShape]:
    """Return what the person may see of a matter's events after version ``since``."""
    relations = relation_of(person, matter)
    audiences = audiences_of(relations, content_of(matter.pack))
    entries = timeline(matter, person, relations)
    return [_event(entry, audiences) for entry in entries if entry.event.seq > since]


def _event(entry: Entry, audiences: Audiences) -> EventShape:
    event = entry.event
    return EventShape(
        uuid=event.uuid,
        version=event.seq,
        kind=event.kind,
        at=event.at,
        sentence=entry.sentence,
        actor=entry.actor,
        from_stage=event.from_stage,
        to_stage=event.to_stage,
        facts=facts_for(event, audiences),
        shown=[FactShape(label=label, value=value) for label, value in entry.fields],
        files=list(_files(entry)),
        leaf_hash=bytes(event.leaf_hash).hex(),
    )


def facts_for(event: Event, audiences: Audiences) -> dict[str, Any]:
    """Return the facts of an event that these audiences may read; personal ones are not in it."""
    declared = action_of_event(event.kind)[1].facts.model_fields
    return {
        name: event.facts[name]
        for name, field in declared.items()
        if name in event.facts and visibility_of(field).audience in audiences
    }


def _files(entry: Entry) -> Iterable[FileShape]:
    for attachment in entry.attachments:
        upload = attachment.upload
        yield FileShape(
            uuid=upload.uuid,
            purpose=attachment.purpose,
            kind=upload.kind,
            content_type=upload.content_type,
            name=upload.name,
            size=upload.size,
            href=link_to(attachment),
            small_href=link_to(attachment, "small") if upload.thumbnail_path else None,
        )
