"""How many queries each endpoint costs, however many matters there are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.surfaces.api.conftest import REPORT, Caller

FACTS = {"text": "路灯坏了。", "category": "pothole", "longitude": 114.305, "latitude": 30.505}


def queries(caller: Caller, call) -> list[str]:
    """Return the statements of a call whose token was used within the minute."""
    caller.get("/categories")
    with CaptureQueriesContext(
        connection,
    ) as caught:
        answer = call()
    assert answer.status_code < 300, answer.content
    return [
        query["sql"] for query in caught.captured_queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]  # fmt: skip


def test_a_report(here, calls) -> None:
    caller = calls("resident")
    caller.post("/matters", REPORT | {"facts": FACTS})  # the map of areas is drawn once

    found = queries(
        caller,
        lambda: caller.post("/matters", REPORT | {"facts": FACTS}, **{"Idempotency-Key": "a"}),
    )

    reads = [sql for sql in found if sql.startswith("SELECT")]
    assert len(found) <= 16, "\n".join(found)
    assert len(reads) <= 5, "\n".join(reads)


@pytest.mark.parametrize(
    ("path", "most"),
    [("/matters", 6), ("/matters?text=路灯", 14), ("/me/inbox", 7), ("/organisations", 2),
     ("/areas", 2), ("/categories", 1), ("/procedures", 1)],
)  # fmt: skip
def test_a_list_costs_the_same_for_one_and_for_many(here, calls, path, most) -> None:
    caller = calls("dispatcher")
    here.at_stage("in_hand")
    few = queries(caller, lambda: caller.get(path))
    for _ in range(5):
        here.at_stage("in_hand")

    many = queries(caller, lambda: caller.get(path))

    assert len(many) == len(few) <= most, "\n".join(many)


def test_one_matter_and_its_events(here, calls) -> None:
    matter = here.at_stage("in_hand")
    caller = calls("dispatcher")

    assert len(queries(caller, lambda: caller.get(f"/matters/{matter.number}"))) <= 10
    assert len(queries(caller, lambda: caller.get(f"/matters/{matter.number}/events"))) <= 10
