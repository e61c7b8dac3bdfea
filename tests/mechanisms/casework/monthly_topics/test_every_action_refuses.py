"""Every action on a topic of the month and on a measure, with each thing that can be wrong."""

from __future__ import annotations

from functools import partial

import pytest

from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.performing import begin
from linli.mechanisms.casework.monthly_topics.facts import Propose
from linli.mechanisms.casework.monthly_topics.models import Measure, MonthlyTopic
from linli.mechanisms.casework.monthly_topics.procedure import PROCEDURES
from tests.mechanisms.casework.hot_topics.saying import LIFT, publish, say
from tests.mechanisms.casework.monthly_topics.months import (
    PROPOSAL,
    matter_for,
    may,
    right_facts,
)
from tests.mechanisms.refusing import Attempt, attempting, each_thing_wrong

pytestmark = pytest.mark.django_db
ALL = [(procedure, action) for procedure in PROCEDURES for action in procedure.actions.values()]
every = pytest.mark.parametrize(
    ("procedure", "action"), ALL, ids=[f"{one.name}.{action.name}" for one, action in ALL]
)


@every
def test_each_thing_that_can_be_wrong(here, elsewhere, procedure, action) -> None:
    matter = matter_for(here, procedure.name, action)
    by, facts = may(here, action, procedure.name), right_facts(action, here, matter)
    others = [here.resident, here.stranger, here.caller, here.dispatcher, here.grid_worker,
              elsewhere.supervisor, elsewhere.handler]  # fmt: skip
    if by in (here.handler, here.other_handler):
        others += [one for one in (here.handler, here.other_handler) if one != by]
    attempt_on = attempting(action, by, facts, MonthlyTopic, Measure)
    each_thing_wrong(procedure, action, matter, attempt_on, others)


def test_each_thing_that_can_be_wrong_with_a_proposal(here, elsewhere) -> None:
    publish(here, say(here, LIFT))
    facts = {**PROPOSAL, "category": "pothole"}
    do = partial(begin, "monthly_topic", "propose", community=here.community)
    attempt = Attempt(do, here.supervisor, facts, Propose.model_fields, (MonthlyTopic, Measure))
    attempt.refused_to([None, here.resident, here.dispatcher, here.handler, elsewhere.supervisor])
    attempt.refused_with_wrong_facts()
    for wrong in ({"category": None}, {"category": "noise"}):
        error = attempt.refused(InvalidFacts, facts=facts | wrong)
        assert list(error.errors) == ["category"]
    unknown = {"topic": str(here.community.pk).rjust(32, "0")}
    assert "topic" in attempt.refused(InvalidFacts, facts=facts | unknown).errors
    assert attempt.done_once().matter.links_out.count() == 3
