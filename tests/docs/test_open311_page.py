"""The reference page of Open311: its questions are asked, its fields and arguments are the code's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from tests.neighbourhood import make_neighbourhood

TEXT = (Path(__file__).resolve().parents[2] / "docs/reference/open311.md").read_text("utf-8")


def section(title: str) -> str:
    return re.split(r"^## ", TEXT.partition(f"## {title}\n")[2], flags=re.MULTILINE)[0]


def names(table: str) -> set[str]:
    """The names in the first column of a table."""
    return {name for row in re.findall(r"^\| (`[^|]*)\|", table, re.MULTILINE)
            for name in re.findall(r"`([a-z_]+)[`\[]", row)}  # fmt: skip


@pytest.mark.django_db
def test_what_is_asked_is_answered_and_every_field_is_explained() -> None:
    here = make_neighbourhood()
    public = here.at_stage("in_hand")
    asked = re.findall(r"^GET (/\S+)$", section("Reading"), re.MULTILINE)

    answers = [Client().get(address) for address in asked]

    assert len(answers) == 4
    assert {answer.status_code for answer in answers} == {200}
    (told,) = answers[-1].json()
    assert told["service_request_id"] == public.number
    filters, fields = section("Reading").split("What is told of a request:")
    assert names(fields) == set(told)
    source = Path(__file__).resolve().parents[2] / "src/linli/surfaces/open311/filters.py"
    assert names(filters) == set(re.findall(r'request, "(\w+)"', source.read_text("utf-8")))


def test_every_argument_is_explained() -> None:
    source = Path(__file__).resolve().parents[2] / "src/linli/surfaces/open311"
    code = (source / "submitting.py").read_text("utf-8")
    taken = set(re.findall(r'(?:given\(request, |getlist\()"(\w+)"', code))

    assert names(section("Submitting")) == taken | {"api_key", "attribute"}
