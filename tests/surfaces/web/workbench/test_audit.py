"""Records: administration, and looks at contact data; for those alone who may read them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import linli
from linli.kernel.access.audit import audit
from linli.kernel.events.pages import PAGE
from linli.kernel.people.contacts import reveal_contact, set_contact
from linli.surfaces.web.workbench.views.audit import ACTIONS

RECORDS = "/desk/records/"


@pytest.fixture
def recorded(here):
    """One act of administration, and one look at a telephone number."""
    audit("people.created", here.secretary, here.community, "x", role="handler")
    set_contact(here.resident, "phone", "13955550137")
    matter = here.at_stage("accepted")
    reveal_contact(here.resident, "phone", by=here.handler, reason="约上门时间", matter=matter)
    return here


def test_it_works(recorded, desk, text) -> None:
    page = text(desk("supervisor").get(RECORDS))
    assert str(recorded.secretary) in page
    assert "role: handler" in page
    assert "约上门时间" not in page


def test_looks_name_who_and_why_and_never_the_value(recorded, desk, text) -> None:
    page = text(desk("supervisor").get(RECORDS, {"what": "looks"}))
    assert "约上门时间" in page
    assert str(recorded.handler) in page
    assert "0137" not in page
    assert str(recorded.resident) not in page


@pytest.mark.parametrize("what", ["", "looks"])
@pytest.mark.parametrize(
    ("filters", "there"),
    [({"who": "dh-"}, True), ({"who": "nobody"}, False), ({"since": "2999-01-01"}, False),
     ({"until": "2000-01-01"}, False), ({"since": "2000-01-01", "until": "2999-12-31"}, True),
     ({"since": "nonsense", "until": "9999-12-31"}, True), ({"after": "nonsense"}, True),
     ({"after": "2026-01-01~1"}, True), ({"who": "\x00"}, True), ({"what": "x" * 5000}, True)],
)  # fmt: skip
def test_filters(recorded, desk, what, filters, there) -> None:
    answer = desk("supervisor").get(RECORDS, {"what": what, **filters})
    assert answer.status_code == 200
    shown = (
        answer.context["looks"]
        if answer.context["looks"] is not None
        else answer.context["entries"]
    )
    assert bool(shown) is there


def test_every_act_on_record_has_a_name_in_words() -> None:
    sources = (path.read_text("utf-8") for path in Path(linli.__file__).parent.rglob("*.py"))
    written = {name for text in sources for name in re.findall(r'\baudit\(\s*"([a-z_.]+)"', text)}
    assert len(written) > 10
    assert written <= ACTIONS.keys()


def test_pages_follow_each_other(here, desk) -> None:
    for number in range(PAGE + 2):
        audit("people.created", here.secretary, here.community, str(number))
    client = desk("secretary")
    first = client.get(RECORDS)
    second = client.get(first.context["next"])
    entries = [entry for answer in (first, second) for entry, _label in answer.context["entries"]]
    shown = [entry.pk for entry in entries]
    assert shown == sorted(set(shown), reverse=True)
    assert sum(entry.action == "people.created" for entry in entries) == PAGE + 2


def test_elsewhere_reads_nothing_of_here(recorded, elsewhere, desk, text) -> None:
    client = desk("secretary", elsewhere)
    assert "role: handler" not in text(client.get(RECORDS))
    assert "约上门时间" not in text(client.get(RECORDS, {"what": "looks"}))


@pytest.mark.parametrize("role", ["dispatcher", "handler", "grid_worker", "resident"])
def test_who_may_not_read_them_is_refused(recorded, desk, role) -> None:
    assert desk(role).get(RECORDS).status_code == 403


def test_queries_do_not_grow(recorded, desk) -> None:
    client, counts = desk("supervisor"), []
    for _ in range(2):
        for number in range(5):
            audit("people.closed", recorded.secretary, recorded.community, str(number))
        with CaptureQueriesContext(connection) as counted:
            client.get(RECORDS)
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 8
