"""For each action of the API: a matter it can be done to, someone who may, and right facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from linli.kernel.procedures.choices import plain_types
from linli.kernel.procedures.declaration import registry
from linli.kernel.procedures.facts import Refers, marker_of
from tests.mechanisms.casework import every_action as of_casework
from tests.mechanisms.casework.hot_topics.saying import LIFT, publish, say
from tests.mechanisms.casework.monthly_topics import months
from tests.mechanisms.whistle import every_action as of_whistle
from tests.mechanisms.whistle import whistling

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter
    from linli.kernel.people.models import Person
    from linli.kernel.procedures.declaration import Action, Procedure
    from tests.neighbourhood import Neighbourhood

NAMING = {UUID, date, datetime}  # a made-up one names nothing, or no time that could be meant


@dataclass(frozen=True)
class Attempt:
    """An action that gets through."""

    matter: Matter
    person: Person
    right: dict[str, Any]  # the least that is accepted
    real: dict[str, Any]  # values of the facts that name something, whether needed or not


def attempt_at(procedure: Procedure, action: Action, here: Neighbourhood) -> Attempt:
    """Return what is needed to do an action of any procedure."""
    if procedure.name == "casework":
        stage = of_casework.first_stage(action)
        matter = of_casework.prepared(here, of_casework.matter_at(here, stage), action)
        right, person = of_casework.right_facts(action, here), of_casework.may(here, action)
    elif procedure.name.startswith("monthly_"):
        matter = months.matter_for(here, procedure.name, action)
        right = months.right_facts(action, here, matter)
        person = months.may(here, action, procedure.name)
    else:
        matter = of_whistle.matter_for(here, procedure, action)
        right, person = of_whistle.right_facts(action, here, matter), of_whistle.may(here, action)
    assert person is not None, f"say in `performer` who is {action.by[0]}"
    return Attempt(matter, person, right, real_values(action, here) | _naming(action, right))


def right_beginning(
    procedure: Procedure, start: Action, here: Neighbourhood
) -> tuple[Person, dict[str, Any]]:
    """Return someone who may begin a matter in that way, and the least that is accepted."""
    if procedure.name == "casework":
        of_casework.matter_at(here, "received")  # and beside it one that can be named
        return of_casework.may(here, start) or here.resident, of_casework.right_facts(start, here)
    if procedure.name == "monthly_topic":
        publish(here, say(here, LIFT))
        return here.supervisor, months.PROPOSAL | {"category": "pothole"}
    return here.secretary, whistling.right_facts(here)


def real_values(action: Action, here: Neighbourhood) -> dict[str, Any]:
    """Return values for facts that name something: made-up ones would all be refused."""
    known = of_casework.right_facts(action, here, whole=True)
    together = of_casework.TOGETHER.get(action.name, {})
    return _naming(action, known) | together


def real_values_of_start(procedure: str, start: str, here: Neighbourhood) -> dict[str, Any]:
    """Return the same for what begins a matter."""
    departments = [str(here.roads.uuid), str(here.property_company.uuid)]
    fixed = {"doorway": here.doorway.doorway_code, "departments": departments}
    return real_values(registry[procedure].starts[start], here) | fixed


def _naming(action: Action, facts: dict[str, Any]) -> dict[str, Any]:
    fields = action.facts.model_fields
    return {
        name: value
        for name, value in facts.items()
        if marker_of(fields[name], Refers) or NAMING & set(plain_types(fields[name]))
    }
