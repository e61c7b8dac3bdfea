"""Open311 answers as its published description says, whatever is sent, and never by a failure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from linli.kernel.access.tokens import issue
from tests.surfaces.open311.conftest import PLACE

DESCRIPTION = Path(__file__).parents[3] / "docs/reference/open311.openapi.yaml"
pytestmark = pytest.mark.usefixtures("inside_the_transaction", "unlimited")
OPERATIONS = ["discovery", "services", "service", "requests", "submit", "request", "token"]
CHECKED = ("not_a_server_error", "status_code_conformance", "content_type_conformance",
           "response_schema_conformance")  # fmt: skip


def described() -> dict[str, Any]:
    return yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))


def operation_named(name: str) -> Any:
    schema = schemathesis.openapi.from_dict(described())
    schema.app = get_wsgi_application()
    found = [result.ok() for result in schema.get_all_operations()]
    return next(one for one in found if one.definition.raw["operationId"] == name)


def make_real(case: Any, name: str, key: str, number: str) -> None:
    """Let a generated request name something there is."""
    real = {"service_code": "streetlight", "service_request_id": number, "token": number}
    for given_to in (case.path_parameters, case.query):
        for field in set(given_to or {}) & set(real):
            given_to[field] = real[field]
        if given_to and "jurisdiction_id" in given_to:
            given_to["jurisdiction_id"] = "dh"
    if name == "submit" and isinstance(case.body, dict):
        case.body |= {"api_key": key, "service_code": "streetlight", **PLACE}
        case.body.pop("jurisdiction_id", None)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("name", OPERATIONS)
def test_it_answers_as_described(here, name, mode) -> None:
    load_all_checks()
    key = issue(here.stranger, here.community, "app", None, scope="open311")
    matter = here.at_stage("dispatched")
    operation, found = operation_named(name), set()

    @settings(
        max_examples=15, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def probe(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            make_real(case, name, key, str(matter.uuid) if name == "token" else matter.number)
        with transaction.atomic():
            answer = case.call()
            case.validate_response(answer, checks=CHECKS.get_by_names(list(CHECKED)))
            transaction.set_rollback(True)
        found.add(answer.status_code)

    probe()

    assert mode is GenerationMode.NEGATIVE or found & {200, 201}, f"nothing got through: {found}"


def test_every_address_is_described() -> None:
    from linli.surfaces.open311.urls import urlpatterns

    declared = {str(one.pattern) for one in urlpatterns if "absent" not in one.callback.__name__}
    assert len(declared) == len(described()["paths"])
    assert sorted(OPERATIONS) == sorted(
        one["operationId"] for methods in described()["paths"].values() for one in methods.values()
    )


def test_the_description_itself_is_sound() -> None:
    schemathesis.openapi.from_dict(described()).validate()
