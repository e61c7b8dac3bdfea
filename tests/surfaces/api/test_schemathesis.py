"""What the description allows, and what it forbids, is answered as described and never by a failure.

Every operation is called with generated requests, right and wrong ones, on matters at the stage
where the action exists, by someone who may do everything.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from linli.kernel.access.tokens import issue
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.declaration import registry
from linli.kernel.procedures.performing import perform
from linli.surfaces.api.bodies import actions_for_people
from linli.surfaces.api.urls import api

EXAMPLES = 12
ALWAYS = ("not_a_server_error", "status_code_conformance", "content_type_conformance",
          "response_headers_conformance", "response_schema_conformance")  # fmt: skip
OTHER_OPERATIONS = [
    "begin_matter", "list_matters", "read_matter", "list_events", "read_inbox", "list_procedures",
    "read_procedure", "list_organisations", "list_areas", "list_categories", "upload",
]  # fmt: skip
OPERATIONS = [*OTHER_OPERATIONS, *(f"act_{name}" for name in actions_for_people())]
STAGES = ("received", "dispatched", "accepted", "in_hand", "solved", "closed")


@pytest.fixture(autouse=True)
def _inside_the_transaction_of_the_test():
    """Requests must not close the connection, as they do where no test runs around them."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


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


def a_matter_for(name: str, here: Any, person: Any, other: Any) -> Any:
    """Return a matter at the first stage, among those easily reached, where the action exists."""
    declared = registry["casework"].actions.get(name.removeprefix("act_"))
    stages = declared.at if declared else STAGES[-1:]
    if stage := next((stage for stage in STAGES if stage in stages), None):
        return here.at_stage(stage, by=person)
    assert "joined" in stages, f"say here how a matter comes to {stages}"
    matter = here.at_stage("in_hand", by=person)
    perform(matter, "merge", by=here.dispatcher, facts={"into": other.number})
    return matter


def real_values(name: str, here: Any, other: Any) -> dict[str, Any]:
    """Return values for facts that name something: made-up ones would all be refused."""
    reasons = pack_of(here.community).reasons
    lists = {"act_return_to_desk": "return", "act_refer": "refer", "act_extend_promise": "extend"}
    return {
        "to": str(here.property_company.uuid),
        "better": str(here.property_company.uuid),
        "complained_of": str(here.property_company.uuid),
        "area": str(here.grid_area.uuid),
        "category": "pothole",
        "doorway": here.doorway.doorway_code,
        "into": other.number,
        "other": other.number,
        "until": (timezone.localdate() + timedelta(days=60)).isoformat(),
        "promised_on": (timezone.localdate() + timedelta(days=5)).isoformat(),
        "pictures": [],
        "before": [],
        "after": [],
        "reason": reasons[lists[name]][0].code if name in lists else "other",
    }


def make_real(case: Any, values: dict[str, Any]) -> None:
    facts = case.body.get("facts") if isinstance(case.body, dict) else None
    if isinstance(facts, dict):
        facts.update({name: value for name, value in values.items() if name in facts})
        case.body.pop("version", None)


def test_every_operation_is_tried() -> None:
    paths = api.get_openapi_schema()["paths"].values()

    assert sorted(OPERATIONS) == sorted(
        operation["operationId"] for methods in paths for operation in methods.values()
    )


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("name", OPERATIONS)
def test_it_answers_as_described(here, everybody, name, mode) -> None:
    load_all_checks()
    names = [*ALWAYS, *(["negative_data_rejection"] if mode is GenerationMode.NEGATIVE else [])]
    checks = CHECKS.get_by_names(names)
    other = here.at_stage("in_hand")
    matter = a_matter_for(name, here, everybody, other)
    values = real_values(name, here, other)
    headers = {"Authorization": f"Bearer {issue(everybody, here.community, 'all', None)}"}
    operation = operation_named(name)
    fixed = {"number": matter.number} if "{number}" in operation.path else None
    statuses = set()

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=fixed))
    def probe(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            make_real(case, values)
        with transaction.atomic():
            answer = case.call(headers=headers)
            statuses.add(answer.status_code)
            case.validate_response(answer, checks=checks, headers=headers)
            transaction.set_rollback(True)

    probe()
    assert 429 not in statuses
    if mode is GenerationMode.POSITIVE and name not in ("upload", "read_procedure"):
        assert statuses & {200, 201}, f"no example of {name} got through: {statuses}"


def test_the_description_itself_is_sound(db) -> None:
    described().validate()

    assert json.loads(Client().get("/api/openapi.json").content)["openapi"].startswith("3.")
