"""What can be reported, and where all this is."""

from __future__ import annotations

from defusedxml.ElementTree import fromstring

from linli.surfaces.open311 import offered
from linli.surfaces.open311.attributes import Attribute
from tests.surfaces.open311.conftest import is_error


def test_it_works(here, anyone) -> None:
    found = {one["service_code"]: one for one in anyone.get("services.json").json()}

    assert found["streetlight"]["service_name"] == "Street light"
    assert found["streetlight"]["group"] == "Roads"
    assert found["streetlight"]["metadata"] is True  # it asks for more
    assert found["litter"]["metadata"] is False
    assert {one["type"] for one in found.values()} == {"realtime"}
    assert "roads" not in found  # it groups others
    root = fromstring(anyone.get("services.xml").content)
    assert (root.tag, root[0].tag, len(root)) == ("services", "service", len(found))


def test_in_the_language_of_the_caller(here, anyone) -> None:
    answer = anyone.client.get("/open311/v2/services.json", headers={"Accept-Language": "zh-hans"})

    assert "路灯" in answer.content.decode()


def test_a_definition(here, anyone, monkeypatch) -> None:
    asked = [
        Attribute(
            "side", "Which side?", "singlevaluelist", True, "seen from the door", (("l", "left"),)
        )
    ]
    monkeypatch.setattr(offered, "attributes_of", lambda pack, code: asked)

    told = anyone.get("services/streetlight.json").json()

    assert told == {"service_code": "streetlight", "attributes": [{
        "variable": True, "code": "side", "datatype": "singlevaluelist", "required": True,
        "datatype_description": "seen from the door", "order": 1, "description": "Which side?",
        "values": [{"key": "l", "name": "left"}],
    }]}  # fmt: skip
    root = fromstring(anyone.get("services/streetlight.xml").content)
    assert root.tag == "service_definition"
    assert root.findtext("attributes/attribute/values/value/name") == "left"


def test_a_service_nobody_offers(here, anyone) -> None:
    is_error(anyone.get("services/nonsense.json"), 404, "service_code")
    is_error(anyone.get("services/roads.xml"), 404)


def test_discovery(here, anyone, settings) -> None:
    settings.SITE_URL = "https://linli.example"
    told = anyone.get("discovery.json").json()

    (endpoint,) = told["endpoints"]
    assert endpoint["url"] == "https://linli.example/open311/v2"
    assert endpoint["formats"] == ["application/json", "text/xml"]
    root = fromstring(anyone.get("discovery.xml").content)
    assert root.findtext("endpoints/endpoint/formats/format") == "application/json"
