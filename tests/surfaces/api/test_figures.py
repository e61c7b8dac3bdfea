"""Figures over the API: tables, what each number counts, and what is refused."""

from __future__ import annotations

import pytest

from linli.kernel.indicators.folding import fold_pending
from linli.mechanisms.casework.figures import TABLES
from tests.surfaces.api.conftest import is_problem

YEAR = "since=2020-01-01&until=2029-12-31"


NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def counted(here):
    here.at_stage("closed", text="修好的路", doorway=here.doorway.doorway_code)
    here.at_stage("in_hand", text="在办的灯")
    here.report(text="新来的事")
    fold_pending()
    return here


def test_it_works(counted, calls) -> None:
    found = calls("supervisor").get("/figures/rates").json()
    assert [one["unit"] for one in found["columns"]][:3] == ["per_cent", "count", "count"]
    every, *units = found["lines"]
    assert [cell["value"] for cell in every["cells"]][:3] == [100.0, 2, 2]
    assert [line["label"] for line in units] == [counted.roads.name]


def test_each_count_of_each_table_lists_as_many_events(counted, calls) -> None:
    caller = calls("supervisor")
    opened = {}
    for name in TABLES:
        for line in caller.get(f"/figures/{name}").json()["lines"]:
            for cell in line["cells"]:
                if cell["events"] and cell["value"]:
                    opened[cell["events"]] = cell["value"]
    assert len(opened) > 20
    for address, count in opened.items():
        answer = caller.get(address.removeprefix("/api/v1")).json()
        assert answer["total"] == count == len(answer["items"]), address


def test_events_are_paged(counted, calls) -> None:
    caller = calls("supervisor")
    first = caller.get("/evidence?figure=casework.reported&limit=2").json()
    second = caller.get(first["next"].removeprefix("/api/v1")).json()
    numbers = [one["number"] for one in first["items"] + second["items"]]
    assert len(numbers) == len(set(numbers)) == first["total"] == 3
    assert second["next"] is None


@pytest.mark.parametrize("role", ["resident", "stranger"])
@pytest.mark.parametrize("path", ["/figures/rates", "/evidence?figure=casework.reported"])
def test_they_are_for_staff(counted, calls, role, path) -> None:
    is_problem(calls(role).get(path), 403, "not-allowed")
    is_problem(calls(None).get(path), 401, "token-needed")


@pytest.mark.parametrize(
    "query",
    ["since=yesterday", "until=1999-12-31", "since=2026-02-02&until=2026-02-01", "unit=1",
     f"unit={NOBODY}", f"area={NOBODY}", "category=moon", "category=%00", "by=moon",
     "measure=luck", "rate=none", "more=1", "category=" + "x" * 100],
)  # fmt: skip
def test_strange_values_are_refused(counted, calls, query) -> None:
    is_problem(calls("supervisor").get(f"/figures/rates?{query}"), 422, "invalid-facts")


@pytest.mark.parametrize(
    "query",
    ["", "figure=", "figure=nonsense", "&".join(["figure=casework.rated"] * 7),
     "figure=casework.rated&limit=0"],
)  # fmt: skip
def test_strange_figures_are_refused(counted, calls, query) -> None:
    is_problem(calls("supervisor").get(f"/evidence?{query}"), 422, "invalid-facts")


def test_an_unknown_table_is_refused(counted, calls) -> None:
    assert calls("supervisor").get("/figures/moon").status_code in (404, 422)


def test_what_is_elsewhere_is_not_there(counted, elsewhere, calls) -> None:
    caller = calls("supervisor", elsewhere)
    assert caller.get(f"/evidence?figure=casework.reported&{YEAR}").json()["total"] == 0
    foreign = f"/figures/rates?unit={counted.roads.uuid}"
    is_problem(caller.get(foreign), 422, "invalid-facts")


def test_with_nothing_counted_it_says_nothing(here, calls) -> None:
    caller = calls("supervisor")
    for name in TABLES:
        lines = caller.get(f"/figures/{name}").json()["lines"]
        assert not any(cell["value"] for line in lines for cell in line["cells"]), name
