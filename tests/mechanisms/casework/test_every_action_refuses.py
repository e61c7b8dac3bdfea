"""Every action, with each thing that can be wrong: refused by its own name, nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.utils.translation import override

from linli.kernel.access.relations import relation_of
from linli.kernel.events.models import Event
from linli.kernel.people.models import Person
from linli.kernel.procedures.choices import literal_choices, plain_types
from linli.kernel.procedures.declaration import Action
from linli.kernel.procedures.errors import (
    ChangedMeanwhile,
    InvalidFacts,
    KeyReused,
    NotAllowed,
    Refused,
    WrongStage,
)
from linli.kernel.procedures.facts import Refers, marker_of
from linli.kernel.procedures.performing import begin, perform
from tests.mechanisms.casework.every_action import (
    ACTIONS,
    ROLES,
    STAGES,
    STARTS,
    everything,
    first_stage,
    for_every,
    matter_at,
    may,
    performer,
    prepared,
    put_at,
    right_facts,
)

every_action, every_start = for_every(ACTIONS), for_every(STARTS)
both = for_every([*ACTIONS, *STARTS])
TOO_LONG = "长" * 20_001
UNREADABLE = ("a\x00b", "a\ud800b")


def fields_of(action: Action, *, of: type | None = None) -> list[str]:
    """Return the fields of an action, or those of one plain type that refer to nothing."""
    return [
        name
        for name, field in action.facts.model_fields.items()
        if of is None
        or (of in plain_types(field) and not literal_choices(field)
            and marker_of(field, Refers) is None)
    ]  # fmt: skip


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Assert that no row is written, changed or deleted within."""
    before = everything()
    yield
    assert everything() == before


def refused(kind: type[Refused], do: Any) -> Any:
    """Assert that ``do()`` is refused in that way, with words in both languages."""
    with pytest.raises(kind) as found:
        do()
    for language, letter in (("zh-hans", "\u4e00"), ("en", "A")):
        with override(language):
            assert any(one >= letter for one in found.value.sentence)
    return found.value


class Attempt:
    """An action with everything right, of which a test puts one thing wrong."""

    def __init__(self, here: Any, action: Action) -> None:
        self.here, self.action = here, action
        self.is_start = action in STARTS
        stage = "received" if self.is_start else first_stage(action)
        self.matter = prepared(here, matter_at(here, stage), action)
        self.by = may(here, action)
        self.facts = right_facts(action, here)

    def __call__(self, **wrong: Any) -> Event:
        given = {"by": self.by, "facts": self.facts, **wrong}
        if self.is_start:
            return begin("casework", self.action.name, community=self.here.community, **given)
        return perform(self.matter, self.action.name, **given)


@both
def test_it_works(here, elsewhere, action) -> None:
    for relation in action.by:
        attempt = Attempt(here, action)
        attempt.by = performer(here, relation)
        if attempt.by is None and relation != "public":
            attempt.by = here.person(f"extra-{relation}", here.desk, relation.partition(".")[2])
        for whole in (False, True):
            with_all = Attempt(here, action)
            with_all.by, with_all.facts = attempt.by, right_facts(action, here, whole=whole)
            event = with_all()
            assert event.action == action.name
            assert event.kind == f"casework.{action.past}"


@every_action
def test_by_anyone_else(here, elsewhere, action) -> None:
    attempt = Attempt(here, action)
    with nothing_changes():
        people = [None, *(getattr(here, role) for role in ROLES)]
        people += [getattr(elsewhere, role) for role in ROLES]
        tried = 0
        for person in people:
            person = Person.objects.get(pk=person.pk) if person else None
            if not relation_of(person, attempt.matter).intersection(action.by):
                refused(NotAllowed, lambda person=person: attempt(by=person))
                tried += 1
        assert tried >= len(people) // 2


@every_start
def test_begun_by_anyone_else(here, elsewhere, start) -> None:
    if "public" in start.by:
        return
    attempt = Attempt(here, start)
    with nothing_changes():
        for person in (None, here.resident, here.stranger, elsewhere.dispatcher, elsewhere.handler):
            refused(NotAllowed, lambda person=person: attempt(by=person))


@every_action
def test_by_one_whose_account_is_closed(here, elsewhere, action) -> None:
    attempt = Attempt(here, action)
    with nothing_changes():
        if attempt.by == "system":
            return
        attempt.by.is_active = False
        refused(NotAllowed, attempt)


@every_action
def test_at_every_other_stage(here, elsewhere, action) -> None:
    attempt = Attempt(here, action)
    for stage in STAGES:
        if stage not in action.at:
            attempt.matter = put_at(here, attempt.matter, stage)
            # Where no unit is responsible, its handler is a stranger too.
            away = "responsible.handler" in action.by and attempt.matter.responsible is None
            refused((WrongStage, NotAllowed) if away else WrongStage, attempt)
            assert attempt.matter.events.count() == 1


@every_action
def test_from_a_page_that_is_out_of_date(here, elsewhere, action) -> None:
    attempt = Attempt(here, action)
    with nothing_changes():
        error = refused(ChangedMeanwhile, lambda: attempt(version=attempt.matter.version - 1))
        assert error.current_version == attempt.matter.version
        assert [event.seq for event in error.events] == [attempt.matter.version]


@both
def test_with_a_fact_missing(here, elsewhere, action) -> None:
    attempt = Attempt(here, action)
    with nothing_changes():
        for name in attempt.facts:
            for missing in ({}, {name: None}, {name: ""}, {name: "   "}):
                facts = {
                    key: value for key, value in attempt.facts.items() if key != name
                } | missing
                error = refused(InvalidFacts, lambda facts=facts: attempt(facts=facts))
                assert list(error.errors) == [name]


@both
def test_with_a_fact_nobody_asked_for(here, elsewhere, action) -> None:
    attempt = Attempt(here, action)
    with nothing_changes():
        for name in ("stage", "nonsense", "matter_id", "__class__"):
            facts = attempt.facts | {name: "x"}
            assert name in refused(InvalidFacts, lambda facts=facts: attempt(facts=facts)).errors


@both
def test_with_facts_of_the_wrong_kind(here, elsewhere, action) -> None:
    attempt = Attempt(here, action)
    with nothing_changes():
        for name in fields_of(action):
            for wrong in ({"a": 1}, [["x"]], [None], object.__name__ * 5000):
                facts = attempt.facts | {name: wrong}
                error = refused(InvalidFacts, lambda facts=facts: attempt(facts=facts))
                assert list(error.errors) == [name]


@both
def test_with_a_text_that_is_too_long(here, elsewhere, action) -> None:
    attempt = Attempt(here, action)
    with nothing_changes():
        for name in fields_of(action, of=str):
            facts = attempt.facts | {name: TOO_LONG}
            assert list(refused(InvalidFacts, lambda facts=facts: attempt(facts=facts)).errors) == [
                name
            ]


@both
def test_with_a_text_no_database_can_hold(here, elsewhere, action) -> None:
    attempt = Attempt(here, action)
    with nothing_changes():
        for name in fields_of(action):
            for text in UNREADABLE:
                facts = attempt.facts | {name: text}
                assert (
                    name in refused(InvalidFacts, lambda facts=facts: attempt(facts=facts)).errors
                )


@both
def test_with_a_reference_to_nothing_or_to_elsewhere(here, elsewhere, action) -> None:
    attempt = Attempt(here, action)
    there = elsewhere.report().matter
    unknown = {
        "organisation": [str(uuid4()), str(elsewhere.roads.uuid), "roads"],
        "area": [str(uuid4()), str(elsewhere.grid_area.uuid), "grid"],
        "person": [str(uuid4()), str(elsewhere.handler.uuid)],
        "matter": ["DH-1999-000001", there.number, "x"],
        "uploads": [[str(uuid4())], ["x"], [str(uuid4())] * 13],
        "category": ["nonsense", "roads"],
        "reason": ["nonsense", "x" * 100],
        "endpoint": [str(uuid4()), "x"],
    }
    with nothing_changes():
        for name, field in action.facts.model_fields.items():
            refers = marker_of(field, Refers)
            for value in unknown[refers.to] if refers else []:
                facts = attempt.facts | {name: value}
                error = refused(InvalidFacts, lambda facts=facts: attempt(facts=facts))
                assert list(error.errors) == [name]


@both
def test_sent_twice(here, elsewhere, action) -> None:
    attempt = Attempt(here, action)
    first = attempt(key="once")
    with nothing_changes():
        again = attempt(key="once")
        assert (again.pk, again.repeated) == (first.pk, True)
        other = attempt.facts | {"text": "别的"} if "text" in attempt.facts else {"nonsense": 1}
        refused(KeyReused, lambda: attempt(key="once", facts=other))
