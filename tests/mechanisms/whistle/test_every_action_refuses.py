"""Every action on a whistle, a call and a duty, with each thing that can be wrong."""

from __future__ import annotations

import pytest

from linli.mechanisms.whistle.models import Whistle, WhistleCall, WhistleDuty
from linli.mechanisms.whistle.procedure import PROCEDURES
from tests.mechanisms.refusing import attempting, each_thing_wrong
from tests.mechanisms.whistle.every_action import matter_for, may, right_facts

pytestmark = pytest.mark.django_db
ALL = [(procedure, action) for procedure in PROCEDURES for action in procedure.actions.values()]
every = pytest.mark.parametrize(
    ("procedure", "action"), ALL, ids=[f"{one.name}.{action.name}" for one, action in ALL]
)


@every
def test_each_thing_that_can_be_wrong(here, elsewhere, procedure, action) -> None:
    matter, by = matter_for(here, procedure, action), may(here, action)
    facts = right_facts(action, here, matter)
    others = [here.resident, here.stranger, here.other_handler, here.grid_worker,
              elsewhere.secretary, elsewhere.handler,
              here.dispatcher if by == here.handler else here.handler]  # fmt: skip
    attempt_on = attempting(action, by, facts, Whistle, WhistleCall, WhistleDuty)
    each_thing_wrong(procedure, action, matter, attempt_on, others)
