"""An action is declared once: form, API and event call its facts by the same names."""

from __future__ import annotations

import pytest

from linli.kernel.events.models import Event
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.declaration import registry
from linli.kernel.procedures.forms import FactsForm
from linli.surfaces.api.bodies import for_people
from linli.surfaces.api.urls import api

DECLARED = [
    pytest.param(procedure, action, id=f"{procedure.name}.{action.name}")
    for procedure in registry.values()
    for action in [*procedure.starts.values(), *procedure.actions.values()]
]


def described_facts(operation_id: str) -> list[set[str]]:
    """Return the names of the facts of each body an operation of the OpenAPI document takes."""
    document = api.get_openapi_schema()
    schemas = document["components"]["schemas"]

    def named(schema):
        return schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema

    for methods in document["paths"].values():
        for operation in methods.values():
            if operation["operationId"] == operation_id:
                body = operation["requestBody"]["content"]["application/json"]["schema"]
                facts = [
                    named(one)["properties"]["facts"]
                    for one in body.get("oneOf") or body.get("anyOf") or [body]
                ]
                return [set(named(one).get("properties", {})) for one in facts]
    raise AssertionError(f"{operation_id} is not described")


@pytest.mark.parametrize(("procedure", "action"), DECLARED)
def test_the_api_describes_the_facts_by_their_names(procedure, action) -> None:
    if not for_people(action):
        pytest.skip("Linli itself does it")
    starts = action.name in procedure.starts
    described = described_facts("begin_matter" if starts else f"act_{action.name}")
    assert set(action.facts.model_fields) in described


@pytest.mark.django_db
def test_the_forms_ask_for_the_facts_by_their_names(here) -> None:
    pack = pack_of(here.community)
    for parameters in DECLARED:
        _procedure, action = parameters.values
        form = FactsForm(action, here.community, pack)
        asked = set(form.fields) - {"version", "key"} - set(form.questions)
        # The questions a pack adds are fields of their own in a form, `answers` elsewhere.
        asked |= {"answers"} if "answers" in action.facts.model_fields else set()
        assert asked == set(action.facts.model_fields), action.name


@pytest.mark.django_db
def test_the_events_keep_the_facts_by_their_names(here) -> None:
    given = {"phone": "13800001111", "longitude": 114.305, "latitude": 30.505}
    matter = here.at_stage("closed", **given)

    events = {event.action: event for event in Event.objects.filter(matter=matter)}
    kept = {name: set(event.facts) | set(event.commitments) for name, event in events.items()}
    assert {"text", *given} <= kept["report"]
    assert kept["triage"] >= {"category"}
    assert kept["dispatch"] >= {"to"}
    assert kept["reply"] >= {"text"}
    assert kept["rate"] >= {"contacted", "solved", "satisfaction"}
    assert "phone" in events["report"].commitments
