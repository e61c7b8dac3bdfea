"""Every action on a topic of the month and on a measure, with each thing that can be wrong."""

from __future__ import annotations

from typing import Any

import pytest

from linli.kernel.deadlines.models import Clock
from linli.kernel.events.models import Event
from linli.kernel.matters.models import Attachment, Matter, MatterLink
from linli.kernel.notify.models import Notice
from linli.kernel.people.models import Person
from linli.kernel.procedures.errors import (
    ChangedMeanwhile,
    InvalidFacts,
    KeyReused,
    NotAllowed,
    WrongStage,
)
from linli.kernel.procedures.performing import begin, perform
from linli.mechanisms.casework.monthly_topics.models import Measure, MonthlyTopic
from linli.mechanisms.casework.monthly_topics.procedure import PROCEDURES
from tests.mechanisms.casework.hot_topics.saying import LIFT, publish, say
from tests.mechanisms.casework.monthly_topics.months import (
    PROPOSAL,
    matter_for,
    may,
    put_at,
    right_facts,
)

pytestmark = pytest.mark.django_db
ALL = [(procedure, action) for procedure in PROCEDURES for action in procedure.actions.values()]
every = pytest.mark.parametrize(
    ("procedure", "action"), ALL, ids=[f"{one.name}.{action.name}" for one, action in ALL]
)


class Attempt:
    """An action with everything right, of which a test puts one thing wrong."""

    def __init__(self, here: Any, procedure: Any, action: Any) -> None:
        self.here, self.action = here, action
        self.matter = matter_for(here, procedure.name, action)
        self.facts = right_facts(action, here, self.matter)
        self.by = may(here, action, procedure.name)

    def put_at(self, stage: str) -> None:
        """Put the matter at another stage."""
        self.matter = put_at(self.matter, stage)

    def __call__(self, **wrong: Any) -> Any:
        given = {"by": self.by, "facts": self.facts, **wrong}
        return perform(self.matter, self.action.name, **given)


def rows() -> list[Any]:
    """Return what an action could have written, to compare before and after."""
    models = (Matter, Clock, MonthlyTopic, Measure, MatterLink, Attachment)
    counts = [Event.objects.count(), Notice.objects.count()]
    return counts + [list(model.objects.order_by("pk").values_list()) for model in models]


def unchanged(attempt: Any, kind: Any, **wrong: Any) -> Any:
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
    people = [here.resident, here.stranger, here.caller, here.dispatcher, here.grid_worker,
              elsewhere.supervisor, elsewhere.handler]  # fmt: skip
    people += [here.other_handler] if attempt.by == here.handler else []
    people += [here.handler] if attempt.by == here.other_handler else []
    for person in [None, *(Person.objects.get(pk=one.pk) for one in people)]:
        unchanged(attempt, NotAllowed, by=person)


def with_wrong_facts(attempt: Any, fields: Any = None) -> None:
    declared = fields or attempt.action.facts.model_fields
    for name, field in declared.items():
        wrong = [{"a": 1}, "长" * 20_001 + "\x00"]
        for value in [None, ""] * field.is_required() + wrong:
            error = unchanged(attempt, InvalidFacts, facts=attempt.facts | {name: value})
            assert list(error.errors) == [name]
    assert "x" in unchanged(attempt, InvalidFacts, facts=attempt.facts | {"x": 1}).errors


# --- proposing ------------------------------------------------------------------------------
class Proposal:
    """A proposal with everything right."""

    def __init__(self, here: Any) -> None:
        self.here = here
        publish(here, say(here, LIFT))
        self.facts = {**PROPOSAL, "category": "pothole"}

    def __call__(self, **wrong: Any) -> Any:
        given = {"by": self.here.supervisor, "facts": self.facts, **wrong}
        return begin("monthly_topic", "propose", community=self.here.community, **given)


def test_each_thing_that_can_be_wrong_with_a_proposal(here, elsewhere) -> None:
    from linli.mechanisms.casework.monthly_topics.facts import Propose

    attempt = Proposal(here)
    for person in (None, here.resident, here.dispatcher, here.handler, elsewhere.supervisor):
        unchanged(attempt, NotAllowed, by=person)
    with_wrong_facts(attempt, Propose.model_fields)
    for wrong in ({"category": None}, {"category": "noise"}):
        error = unchanged(attempt, InvalidFacts, facts=attempt.facts | wrong)
        assert list(error.errors) == ["category"]
    unknown = {"topic": str(here.community.pk).rjust(32, "0")}
    assert "topic" in unchanged(attempt, InvalidFacts, facts=attempt.facts | unknown).errors
    first, again = attempt(key="once"), attempt(key="once")

    assert again.pk == first.pk
    assert first.matter.links_out.count() == 3
