"""The one door through which a matter changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils import timezone

from linli.kernel.access.relations import relation_of, relations_in
from linli.kernel.events.models import Event
from linli.kernel.events.subscriptions import publish
from linli.kernel.kept_queries import Given, KeptQuery
from linli.kernel.matters.flags import flags_text
from linli.kernel.matters.models import Matter
from linli.kernel.matters.numbers import next_number
from linli.kernel.matters.search import searched
from linli.kernel.organisations.models import Community
from linli.kernel.people.models import Person
from linli.kernel.procedures.act import Act
from linli.kernel.procedures.checking import check_facts
from linli.kernel.procedures.declaration import Action, Procedure, procedure_named
from linli.kernel.procedures.errors import (
    ChangedMeanwhile,
    KeyReused,
    NotAllowed,
    Refused,
    Unknown,
    WrongStage,
)
from linli.kernel.procedures.facts import Facts
from linli.kernel.procedures.models import Performed
from linli.kernel.procedures.recording import record
from linli.kernel.writing import Writing, reserve_keys

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from linli.kernel.matters.models import MatterDetail

Actor = Person | Literal["system"] | None
GivenFacts = Mapping[str, Any] | Facts


def perform(
    matter: Matter,
    action: str,
    *,
    by: Actor,
    facts: GivenFacts | None = None,
    version: int | None = None,
    key: str | None = None,
    at: datetime | None = None,
) -> Event:
    """Perform an action on a matter and return the event it left, all in one transaction.

    ``version``: the matter's version the person saw; None acts on whatever is current.
    ``key``: idempotency key; the same key with the same facts returns the first event.
    ``at``: when it happened, for imports of past records; now when absent.

    Raises Unknown, ChangedMeanwhile, KeyReused, NotAllowed, WrongStage or InvalidFacts; then
    nothing was changed.
    """

    def run(used: Performed | None) -> Event:
        locked = _lock(matter)
        procedure = procedure_named(locked.procedure)
        declared = procedure.actions.get(action)
        if declared is None:
            raise Unknown
        act = Act(procedure, declared, locked, by, at or timezone.now())
        act.relation = _standing(declared, relation_of(by, locked))
        if version is not None and version != locked.version:
            raise ChangedMeanwhile(
                locked.version,
                list(Event.objects.filter(matter=locked, seq__gt=version).order_by("seq")),
            )
        if locked.stage not in declared.at:
            raise WrongStage(declared.label, procedure.stage(locked.stage).label)
        return _carry_out(act, facts, used)

    asked = {"matter": str(matter.uuid), "action": action, "facts": _plain(facts)}
    return _once(run, by, key, asked)


def begin(
    procedure: str,
    start: str,
    *,
    community: Community,
    by: Actor,
    facts: GivenFacts | None = None,
    key: str | None = None,
    channel: str = "web",
    at: datetime | None = None,
    reporter: Person | None = None,
) -> Event:
    """Begin a matter and return its first event; ``event.matter`` is the matter.

    ``reporter``: on whose behalf Linli itself begins it.

    What the start hands back, such as the token of a secret link, is in ``event.result``.
    Raises as `perform` does.
    """

    def run(used: Performed | None) -> Event:
        declared = procedure_named(procedure).starts.get(start)
        if declared is None:
            raise Unknown
        relation = (
            "public"
            if "public" in declared.by
            else _standing(declared, relations_in(by, community))
        )
        now = at or timezone.now()
        matter = Matter(
            community=community,
            procedure=procedure,
            pack=community.pack,
            channel=channel,
            stage=declared.to[0],
            reporter=reporter,
            created_at=now,
        )
        act = Act(procedure_named(procedure), declared, matter, by, now)
        act.relation = relation
        return _carry_out(act, facts, used)

    asked = {"begin": procedure, "start": start, "facts": _plain(facts)}
    return _once(run, by, key, asked, community)


def _carry_out(act: Act, given: GivenFacts | None, used: Performed | None) -> Event:
    """Check the facts, run the rule, then write everything it asked for, and the key used."""
    matter, declared = act.matter, act.action
    found_by = searched(matter)
    facts, act.refs = check_facts(declared.facts, given or {}, matter.community, matter.pack)
    begins = matter.pk is None
    from_stage = "" if begins else matter.stage
    detail = _detail_of(act.procedure, matter)
    declared.run(detail, facts, act)
    act.move()
    writing = Writing()
    write = writing.insert if begins else writing.update
    key, *others = reserve_keys(Event, Matter) if begins else reserve_keys(Event)
    if begins:
        (matter.pk,) = others
    if detail is not matter:
        detail.matter = matter
        write(detail)
        matter.flags = flags_text(detail.flags())
    act.write_beside_matter(writing)
    reindex = begins or searched(matter) != found_by
    event = record(act, facts, from_stage, key, writing, reindex=reindex)
    if begins:
        # What hangs on a new matter is written before it (references are checked at commit):
        # its number comes last, since the series stays locked until then.
        matter.number = next_number(matter.community, act.now, writing)
    write(matter)
    if used is not None:
        used.event = event
        writing.insert(used)
    writing.send()
    publish(event)
    event.result = act.result  # type: ignore[attr-defined]
    return event


def _detail_of(procedure: Procedure, matter: Matter) -> Any:
    if procedure.detail is None:
        return matter
    if matter.pk is None:
        return procedure.detail(matter=matter)
    return getattr(matter, _accessor(procedure.detail))


def _accessor(detail: type[MatterDetail]) -> str:
    """Return the name by which a matter knows its detail, see `MatterDetail`."""
    return str(detail._meta.model_name)


def _lock(matter: Matter) -> Matter:
    locked = _locking(procedure_named(matter.procedure).detail).first(matter=matter.pk)
    if locked is None:
        raise Matter.DoesNotExist
    return locked


@lru_cache(maxsize=64)
def _locking(detail: type[MatterDetail] | None) -> KeptQuery[Matter]:
    """Return the query that locks a matter and reads it with all that an action looks at."""
    related = ["community", "pack", "responsible", "desk", "area", "reporter"]
    related += [_accessor(detail)] if detail is not None else []
    return KeptQuery(
        lambda: (
            Matter.objects.filter(pk=Given("matter"))
            .select_related(*related)
            # A pack is long and kept in memory once read, a boundary is not asked for here: reading
            # both as JSON would cost as much as all the rest of an action.
            .defer("pack__content", "area__boundary")
            .select_for_update(of=("self",))
        )
    )


def _standing(declared: Action, relations: frozenset[str]) -> str:
    for relation in declared.by:
        if relation in relations:
            return relation
    raise NotAllowed


def _plain(facts: GivenFacts | None) -> Any:
    return facts.model_dump(mode="json") if isinstance(facts, Facts) else dict(facts or {})


def _once(
    run: Callable[[Performed | None], Event],
    by: Actor,
    key: str | None,
    asked: dict[str, Any],
    community: Community | None = None,
) -> Event:
    """Run in a transaction; with a key, at most once however often and however parallel."""
    if key is None:
        with transaction.atomic():
            return run(None)
    scope = f"person:{by.pk}" if isinstance(by, Person) else f"{by or 'public'}"
    if community is not None:
        scope = f"{scope}@{community.pk}"
    text = json.dumps(asked, sort_keys=True, cls=DjangoJSONEncoder)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    try:
        with transaction.atomic():
            return run(Performed(scope=scope, key=key, fingerprint=fingerprint))
    except (IntegrityError, Refused):
        # A twin of this submission may have come first; then its answer is ours.
        if (first := _answer(scope, key, fingerprint)) is not None:
            return first
        raise


def _answer(scope: str, key: str, fingerprint: str) -> Event | None:
    performed = (
        Performed.objects.select_related("event__matter__community__pack")
        .defer("event__matter__community__pack__content")
        .filter(scope=scope, key=key)
        .first()
    )
    if performed is None:
        return None
    if performed.fingerprint != fingerprint:
        raise KeyReused
    event = performed.event
    event.repeated = True  # type: ignore[attr-defined]
    event.result = _result_again(event)  # type: ignore[attr-defined]
    return event


def _result_again(event: Event) -> dict[str, Any]:
    from linli.kernel.access.links import link_for, token_of

    reporter = event.matter.reporter
    if event.from_stage or reporter is None:
        return {}
    link = link_for(event.matter, reporter)
    return {"token": token_of(link)} if link else {}


def available_actions(matter: Matter, person: Actor) -> list[Action]:
    """Return the actions the person may perform now, in the order they are declared."""
    procedure = procedure_named(matter.procedure)
    relations = relation_of(person, matter)
    return [
        action
        for action in procedure.actions.values()
        if matter.stage in action.at
        and relations.intersection(action.by)
        and (action.when is None or action.when(_detail_of(procedure, matter)))
    ]


def available_starts(procedure: str, community: Community, person: Actor) -> list[Action]:
    """Return the ways in which the person may begin a matter of a procedure."""
    relations = relations_in(person, community)
    starts = procedure_named(procedure).starts.values()
    return [start for start in starts if relations.intersection(start.by)]
