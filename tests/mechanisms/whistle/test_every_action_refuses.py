"""Every action on a whistle, a call and a duty, with each thing that can be wrong."""

from __future__ import annotations

from typing import Any

import pytest

from linli.kernel.deadlines.models import Clock
from linli.kernel.events.models import Event
from linli.kernel.matters.models import Attachment, Matter, MatterLink
from linli.kernel.notify.models import Notice
from linli.kernel.people.models import Person
from linli.kernel.procedures.declaration import Action, Procedure
from linli.kernel.procedures.errors import (
    ChangedMeanwhile,
    InvalidFacts,
    KeyReused,
    NotAllowed,
    WrongStage,
)
from linli.kernel.procedures.performing import perform
from linli.mechanisms.whistle.models import Whistle, WhistleCall, WhistleDuty
from linli.mechanisms.whistle.procedure import PROCEDURES
from tests.mechanisms.whistle.every_action import matter_for, may, put_at, right_facts

pytestmark = pytest.mark.django_db
ALL = [(procedure, action) for procedure in PROCEDURES for action in procedure.actions.values()]
every = pytest.mark.parametrize(
    ("procedure", "action"), ALL, ids=[f"{one.name}.{action.name}" for one, action in ALL]
)


class Attempt:
    """An action with everything right, of which a test puts one thing wrong."""

    def __init__(self, here: Any, procedure: Procedure, action: Action) -> None:
        self.here, self.action = here, action
        self.matter = matter_for(here, procedure, action)
        self.facts = right_facts(action, here, self.matter)
        self.by = may(here, action)

    def put_at(self, stage: str) -> None:
        """Put the matter at another stage."""
        self.matter = put_at(self.matter, stage)

    def __call__(self, **wrong: Any) -> Any:
        given = {"by": self.by, "facts": self.facts, **wrong}
        return perform(self.matter, self.action.name, **given)


def rows() -> list[Any]:
    """Return what an action could have written, to compare before and after."""
    models = (Matter, Clock, Whistle, WhistleCall, WhistleDuty, MatterLink, Attachment)
    counts = [Event.objects.count(), Notice.objects.count()]
    return counts + [list(model.objects.order_by("pk").values_list()) for model in models]


def unchanged(attempt: Attempt, kind: Any, **wrong: Any) -> Any:
    """Assert that an attempt is refused in that way, in words, and wrote nothing."""
    before = rows()
    with pytest.raises(kind) as error:
        attempt(**wrong)
    assert rows() == before
    assert error.value.sentence
    return error.value


@every
def test_each_thing_that_can_be_wrong(here, elsewhere, procedure, action) -> None:
    attempt = Attempt(here, procedure, action)
    by_anyone_else(attempt, here, elsewhere)
    unchanged(attempt, ChangedMeanwhile, version=attempt.matter.version - 1)
    with_wrong_facts(attempt)
    for stage in procedure.stages:
        if stage.name not in action.at:
            attempt.put_at(stage.name)
            unchanged(attempt, WrongStage)
    attempt.put_at(action.at[0])
    first, again = attempt(key="once"), attempt(key="once")

    assert first.kind == f"{procedure.name}.{action.past}"
    assert (again.pk, again.repeated) == (first.pk, True)
    unchanged(attempt, KeyReused, key="once", facts={"nonsense": 1})


def by_anyone_else(attempt: Attempt, here: Any, elsewhere: Any) -> None:
    people = [here.resident, here.stranger, here.other_handler, here.grid_worker,
              elsewhere.secretary, elsewhere.handler]  # fmt: skip
    people += [here.handler] if attempt.by != here.handler else [here.dispatcher]
    for person in [None, *(Person.objects.get(pk=one.pk) for one in people)]:
        unchanged(attempt, NotAllowed, by=person)


def with_wrong_facts(attempt: Attempt) -> None:
    for name, field in attempt.action.facts.model_fields.items():
        wrong = [{"a": 1}, "长" * 20_001 + "\x00"]
        for value in [None, ""] * field.is_required() + wrong:
            error = unchanged(attempt, InvalidFacts, facts=attempt.facts | {name: value})
            assert list(error.errors) == [name]
    assert "x" in unchanged(attempt, InvalidFacts, facts=attempt.facts | {"x": 1}).errors
