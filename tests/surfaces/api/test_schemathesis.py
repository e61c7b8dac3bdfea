"""What the description allows, and what it forbids, is answered as described and never by a failure.

Every operation is called with generated requests, right and wrong ones, every action on a
matter it can be done to, by someone who may do it (see `matters_for_actions`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from linli.kernel.access.tokens import issue
from linli.kernel.procedures.declaration import registry
from linli.surfaces.api.bodies import actions_for_people, for_people
from linli.surfaces.api.urls import api
from tests.surfaces.api.matters_for_actions import (
    attempt_at,
    real_values_of_start,
    right_beginning,
)

pytestmark = pytest.mark.usefixtures("inside_the_transaction")
EXAMPLES = 12
ALWAYS = ("not_a_server_error", "status_code_conformance", "content_type_conformance",
          "response_headers_conformance", "response_schema_conformance")  # fmt: skip
OTHER_OPERATIONS = [
    "begin_matter", "list_matters", "read_matter", "list_events", "read_inbox", "list_procedures",
    "read_procedure", "list_organisations", "list_areas", "list_categories", "upload", "find_similar",
    "read_figures", "list_counted_events",
    "list_open_data", "read_open_data",
]  # fmt: skip
# What is asked for must be named by a word no example hits upon.
NAMED_BY_WORDS = ("upload", "read_procedure", "list_counted_events", "read_open_data")
ACTIONS = [
    pytest.param(procedure, action, id=f"{procedure.name}.{action.name}")
    for declared in actions_for_people().values()
    for procedure, action in declared
]
STARTS = [
    pytest.param(procedure, start, id=f"{procedure.name}.{start.name}")
    for procedure in registry.values()
    for start in procedure.starts.values()
    if for_people(start)
]
modes = pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])


@pytest.fixture
def everybody(here):
    """Someone who holds every post and reported every matter."""
    person = here.person("everybody", here.roads, "handler")
    here.post(person, here.desk, "dispatcher")
    here.post(person, here.desk, "caller")
    here.post(person, here.street, "supervisor")
    return person


def described() -> Any:
    return schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())


def operation_named(name: str) -> Any:
    for result in described().get_all_operations():
        operation = result.ok()
        if operation.definition.raw["operationId"] == name:
            return operation
    raise AssertionError(f"{name} is not described")


def make_real(body: Any, values: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Give a generated body the values of those facts that name something."""
    facts = body.get("facts") if isinstance(body, dict) else None
    if isinstance(facts, dict):
        facts.update({name: value for name, value in values(body).items() if name in facts})
        body.pop("version", None)


def padded(body: Any) -> bool:
    """Whether a fact is a text with blanks at an end: cut off, it may be short enough after all."""
    facts = body.get("facts") if isinstance(body, dict) else None
    texts = facts.values() if isinstance(facts, dict) else ()
    return any(isinstance(text, str) and text != text.strip() for text in texts)


class Sending:
    """Sends requests to an operation, undoes each and checks every answer."""

    def __init__(self, name: str, here: Any, person: Any, number: str) -> None:
        load_all_checks()
        self.operation = operation_named(name)
        self.fixed = {"number": number} if "{number}" in self.operation.path else None
        self.headers = {"Authorization": f"Bearer {issue(person, here.community, 'all', None)}"}

    def __call__(self, case: Any, *more: str) -> int:
        """Send one; return its status. ``more`` are checks beyond those that always hold."""
        with transaction.atomic():
            answer = case.call(headers=self.headers)
            checks = CHECKS.get_by_names([*ALWAYS, *more])
            case.validate_response(answer, checks=checks, headers=self.headers)
            transaction.set_rollback(True)
        return answer.status_code

    def one(self, body: Any) -> int:
        """Send this body; return its status."""
        made = self.operation.Case(
            path_parameters=self.fixed, body=body, media_type="application/json"
        )
        return self(made)

    def generated(self, mode: GenerationMode, real: Any = lambda body: {}) -> set[int]:
        """Send generated ones, right or wrong; return their statuses."""
        wrong = mode is GenerationMode.NEGATIVE
        found = set()

        @settings(
            max_examples=EXAMPLES, derandomize=True, database=None, deadline=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=self.operation.as_strategy(generation_mode=mode, path_parameters=self.fixed))
        def probe(case: Any) -> None:
            if not wrong:
                make_real(case.body, real)
            refused = wrong and not padded(case.body)
            found.add(self(case, *["negative_data_rejection"] * refused))

        probe()
        assert 429 not in found
        return found


def test_every_operation_is_tried() -> None:
    paths = api.get_openapi_schema()["paths"].values()

    acts = [f"act_{name}" for name in actions_for_people()]
    assert sorted([*OTHER_OPERATIONS, *acts]) == sorted(
        operation["operationId"] for methods in paths for operation in methods.values()
    )


@modes
@pytest.mark.parametrize("name", OTHER_OPERATIONS)
def test_it_answers_as_described(here, everybody, name, mode) -> None:
    matter = here.at_stage("closed", by=everybody)
    sending = Sending(name, here, everybody, matter.number)

    found = sending.generated(mode, partial(real_of_start, here=here))

    if mode is GenerationMode.POSITIVE and name not in NAMED_BY_WORDS:
        assert found & {200, 201}, f"no example of {name} got through: {found}"


def real_of_start(body: dict[str, Any], here: Any) -> dict[str, Any]:
    """Return real values for the body of `begin_matter`."""
    if {"procedure", "start"} <= set(body):
        return real_values_of_start(body["procedure"], body["start"], here)
    return {}


@modes
@pytest.mark.parametrize(("procedure", "action"), ACTIONS)
def test_an_action_answers_as_described(here, procedure, action, mode) -> None:
    attempt = attempt_at(procedure, action, here)
    sending = Sending(f"act_{action.name}", here, attempt.person, attempt.matter.number)

    assert sending.one({"facts": attempt.right}) == 200
    found = sending.generated(mode, lambda body: attempt.real)

    assert mode is GenerationMode.NEGATIVE or 200 in found, f"no generated one got through: {found}"


@pytest.mark.parametrize(("procedure", "start"), STARTS)
def test_a_right_beginning_gets_through(here, procedure, start) -> None:
    person, facts = right_beginning(procedure, start, here)
    body = {"procedure": procedure.name, "start": start.name, "facts": facts}

    assert Sending("begin_matter", here, person, "").one(body) == 201


def test_the_description_itself_is_sound(db) -> None:
    described().validate()

    assert json.loads(Client().get("/api/openapi.json").content)["openapi"].startswith("3.")
