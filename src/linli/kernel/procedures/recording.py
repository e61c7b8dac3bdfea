"""Writing the event of an action, and what hangs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.kernel.events.models import Event, PersonalValue
from linli.kernel.indicators.models import PendingEvent
from linli.kernel.ledger.leaves import leaf_hash
from linli.kernel.matters.search import index_matter
from linli.kernel.people.secrets import commitment, encrypt_for, new_salt
from linli.kernel.procedures.facts import Facts, visibility_of

if TYPE_CHECKING:
    from linli.kernel.people.models import Person
    from linli.kernel.procedures.act import Act


def record(act: Act, facts: Facts, from_stage: str, *, reindex: bool) -> Event:
    """Write the event with its leaf hash, personal values, files, notices, search entry.

    ``reindex``: whether what the matter is found by changed.
    """
    plain, personal = _split(facts)
    subject = _subject(act)
    salts = {name: new_salt() for name in personal}
    event = Event(
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
    event.save(force_insert=True)
    if subject is not None and subject.erased_at is None and personal:
        _keep_personal(event, subject, personal, salts)
    act.write_with_event(event)
    PendingEvent.objects.create(event=event)
    if reindex:
        index_matter(act.matter)
    return event


def _split(facts: Facts) -> tuple[dict[str, Any], dict[str, str]]:
    values = facts.model_dump(mode="json", exclude_none=True)
    personal = {
        name: str(values.pop(name))
        for name, field in type(facts).model_fields.items()
        if name in values and visibility_of(field).personal
    }
    return values, personal


def _subject(act: Act) -> Person | None:
    """Return whose personal values these are: the reporter's, also where staff write them down."""
    if act.by is not None and act.relation == "reporter":  # or somebody who reported the same
        return act.by
    return act.matter.reporter or act.by


def _keep_personal(
    event: Event, subject: Person, personal: dict[str, str], salts: dict[str, bytes]
) -> None:
    PersonalValue.objects.bulk_create([
        PersonalValue(
            event=event,
            field=name,
            subject=subject,
            ciphertext=encrypt_for(subject, value),
            salt=salts[name],
        )
        for name, value in personal.items()
    ])  # fmt: skip


def _acting_organisation(act: Act) -> int | None:
    """Return the organisation in whose name the actor acted, or None for people themselves."""
    anchor = act.relation.partition(".")[0]
    if anchor == "responsible":
        return act.acting_responsible_id
    if anchor in ("desk", "above", "community"):
        return act.matter.desk_id
    return None
