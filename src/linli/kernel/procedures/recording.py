"""Writing the event of an action, and what hangs on it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from linli.kernel.events.models import Event, PersonalValue
from linli.kernel.indicators.models import PendingEvent
from linli.kernel.ledger.leaves import leaf_hash
from linli.kernel.matters.search import index_matter
from linli.kernel.people.secrets import commitment, encrypt_for, new_salt
from linli.kernel.procedures.facts import Facts, personal_fields

if TYPE_CHECKING:
    from linli.kernel.people.models import Person
    from linli.kernel.procedures.act import Act
    from linli.kernel.writing import Writing


def record(
    act: Act, facts: Facts, from_stage: str, key: int, writing: Writing, *, reindex: bool
) -> Event:
    """Write the event with its leaf hash, personal values, files, notices, search entry.

    ``key``: the event's, reserved for it. ``reindex``: whether what the matter is found by changed.
    """
    plain, personal = _split(facts)
    subject = _subject(act)
    salts = {name: new_salt() for name in personal}
    event = Event(
        id=key,
        community_id=act.matter.community_id,
        matter=act.matter,
        seq=act.matter.version,
        kind=act.procedure.event_kind(act.action),
        action=act.action.name,
        actor=act.by or (act.matter.reporter if not from_stage else None),
        relation=act.relation,
        organisation_id=_acting_organisation(act),
        answerable_id=act.matter.responsible_id or act.matter.desk_id,
        area_id=act.matter.area_id,
        category=act.matter.category,
        from_stage=from_stage,
        to_stage=act.matter.stage,
        facts=plain | act.extra_facts,
        commitments={name: commitment(personal[name], salts[name]) for name in personal},
        audience=act.audience,
        at=act.now,
    )
    event.leaf_hash = leaf_hash(event)
    writing.insert(event)
    if subject is not None and subject.erased_at is None:
        writing.insert(*_personal_values(event, subject, personal, salts))
    act.write_with_event(event, writing)
    writing.insert(PendingEvent(event=event))
    if reindex:
        index_matter(act.matter, writing)
    return event


def _split(facts: Facts) -> tuple[dict[str, Any], dict[str, str]]:
    values = facts.model_dump(mode="json", exclude_none=True)
    personal = {
        name: _as_text(values.pop(name)) for name in personal_fields(type(facts)) if name in values
    }
    return values, personal


def _as_text(value: Any) -> str:
    """Return a personal value as the text that is encrypted; what has parts as JSON."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def _subject(act: Act) -> Person | None:
    """Return whose personal values these are: the reporter's, also where staff write them down."""
    if act.by is not None and act.relation == "reporter":  # or somebody who reported the same
        return act.by
    return act.matter.reporter or act.by


def _personal_values(
    event: Event, subject: Person, personal: dict[str, str], salts: dict[str, bytes]
) -> list[PersonalValue]:
    return [
        PersonalValue(
            event=event,
            field=name,
            subject=subject,
            ciphertext=encrypt_for(subject, value),
            salt=salts[name],
        )
        for name, value in personal.items()
    ]


def _acting_organisation(act: Act) -> int | None:
    """Return the organisation in whose name the actor acted, or None for people themselves."""
    anchor = act.relation.partition(".")[0]
    if anchor == "responsible":
        return act.acting_responsible_id
    if anchor in ("desk", "above", "community"):
        return act.matter.desk_id
    return None
