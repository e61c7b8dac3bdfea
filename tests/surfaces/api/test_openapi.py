"""The description says what is there: every action by name, with its facts and its problems."""

from __future__ import annotations

import pytest
from django.test import Client

from linli.kernel.procedures.declaration import registry
from linli.surfaces.api.problems import KINDS


@pytest.fixture
def described(db):
    return Client().get("/api/openapi.json").json()


def schema_of(described, ref: dict) -> dict:
    return described["components"]["schemas"][ref["$ref"].rpartition("/")[2]]


def body_of(described, path: str) -> dict:
    return described["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]


def test_every_action_people_can_do_is_described_with_its_facts(described) -> None:
    for procedure in registry.values():
        for action in procedure.actions.values():
            path = f"/api/v1/matters/{{number}}/actions/{action.name}"
            if action.by == ("system",):
                assert path not in described["paths"]
                continue
            body = body_of(described, path)
            bodies = [
                schema_of(described, one)
                for one in body.get("oneOf") or body.get("anyOf") or [body]
            ]
            asked = [schema_of(described, one["properties"]["facts"]) for one in bodies]
            names = [list(facts.get("properties", {})) for facts in asked]
            assert list(action.facts.model_fields) in names
            assert all("version" in one["properties"] for one in bodies)
            assert action.law in described["paths"][path]["post"]["description"]


def test_a_beginning_is_one_of_the_starts(described) -> None:
    choices = [schema_of(described, one) for one in body_of(described, "/api/v1/matters")["oneOf"]]

    starts = {(one["properties"]["procedure"]["const"], one["properties"]["start"]["const"])
              for one in choices}  # fmt: skip
    assert ("casework", "report") in starts
    assert ("casework", "take_down") in starts
    assert ("casework", "split_off") not in starts


def test_a_fact_says_what_it_means_and_who_reads_it(described) -> None:
    facts = described["components"]["schemas"]["CaseworkReplyFacts"]

    assert facts["required"] == ["text"]
    assert facts["properties"]["text"]["title"] == "Reply"
    assert facts["properties"]["text"]["x-read-by"] == "public"


def test_nothing_refers_to_what_is_not_there(described) -> None:
    def refs(part):
        if isinstance(part, dict):
            if "$ref" in part:
                yield part["$ref"]
            for one in part.values():
                yield from refs(one)
        elif isinstance(part, list):
            for one in part:
                yield from refs(one)

    known = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert set(refs(described)) <= known


def test_operations_have_names_of_their_own(described) -> None:
    names = [
        operation["operationId"]
        for path in described["paths"].values()
        for operation in path.values()
    ]
    assert len(names) == len(set(names))


def test_it_is_the_same_in_every_language(described) -> None:
    chinese = Client().get("/api/openapi.json", headers={"Accept-Language": "zh-hans"}).json()

    assert chinese == described


def test_every_kind_of_problem_is_explained(pytestconfig) -> None:
    page = (pytestconfig.rootpath / "docs/reference/problems.md").read_text(encoding="utf-8")
    refusals = ["invalid-facts", "wrong-stage", "changed-meanwhile", "key-reused"]

    for kind in [*KINDS.values(), *refusals]:
        assert f"`/problems/{kind}`" in page, kind


def test_no_third_party_page_is_served(db) -> None:
    assert Client().get("/api/docs").status_code == 404


def test_references_are_there(here, calls) -> None:
    caller = calls("resident")

    assert "pothole" in [one["code"] for one in caller.get("/categories").json()]
    organisations = {one["code"]: one for one in caller.get("/organisations").json()}
    assert organisations["roads"]["above"] == organisations["committee"]["uuid"]
    area = caller.get("/areas").json()[0]
    assert (area["code"], area["organisation"]["name"]) == (here.grid_area.code, here.grid.name)
    procedure = caller.get("/procedures/casework").json()
    assert procedure in caller.get("/procedures").json()
    assert procedure["diagram"].startswith("stateDiagram-v2")
    report = next(one for one in procedure["starts"] if one["name"] == "report")
    assert report["facts"]["properties"]["text"]["maxLength"] == 5000
    phone = next(field for field in report["fields"] if field["name"] == "phone")
    assert (phone["read_by"], phone["personal"], phone["required"]) == ("named", True, False)


def test_references_are_of_ones_own_community(here, elsewhere, calls) -> None:
    caller = calls("resident", elsewhere)

    for path in ("/organisations", "/areas"):
        found = {one["uuid"] for one in caller.get(path).json()}
        assert found
        assert not found & {str(here.roads.uuid), str(here.grid_area.uuid)}
