"""A program that speaks GeoReport v2, with a key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client

from linli.kernel.access.tokens import issue

BASE = "/open311/v2/"
PLACE = {"lat": "30.505", "long": "114.305"}


@dataclass
class Program:
    """Sends forms; raises nothing."""

    key: str = ""
    client: Client = field(
        default_factory=lambda: Client(
            raise_request_exception=False, headers={"Accept-Language": "en"}
        )
    )

    def get(self, path: str, **asked: Any) -> Any:
        return self.client.get(BASE + path, {"api_key": self.key} | asked if self.key else asked)

    def post(self, path: str = "requests.json", headers: Any = None, **form: Any) -> Any:
        form = {"api_key": self.key} | form if self.key else form
        return self.client.post(BASE + path, form, headers=headers)

    def submit(self, **form: Any) -> Any:
        return self.post(**({"service_code": "streetlight", **PLACE} | form))


def is_error(answer: Any, status: int, part: str = "") -> None:
    """Assert that an answer is an error of the standard that says this."""
    assert answer.status_code == status, answer.content
    if answer["Content-Type"].startswith("text/xml"):
        errors = [{one.tag: one.text for one in each} for each in fromstring(answer.content)]
    else:
        errors = answer.json()
    assert errors
    assert all(str(one["code"]) == str(status) and one["description"] for one in errors)
    assert part in " ".join(one["description"] for one in errors)


@pytest.fixture
def program(here) -> Program:
    """A program with a key of an account without any post."""
    return Program(issue(here.stranger, here.community, "app", None, scope="open311"))


@pytest.fixture
def anyone() -> Program:
    return Program()


@pytest.fixture
def public(here) -> Any:
    """A public request in hand, promised and placed."""
    matter = here.at_stage(
        "in_hand", longitude=114.3051234, latitude=30.5051234, address="东湖路1号2栋1单元301"
    )
    return matter
