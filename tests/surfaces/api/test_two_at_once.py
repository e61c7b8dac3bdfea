"""Two callers at the same time: one wins, the other is told; a repeated key acts once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from linli.kernel.access.tokens import issue
from linli.kernel.matters.models import Matter
from tests.neighbourhood import make_neighbourhood
from tests.surfaces.api.conftest import REPORT, Caller, is_problem

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db(transaction=True)


def together(number: int, call: Callable[[int], Any]) -> list[Any]:
    """Call from as many threads, each with a connection of its own."""

    def run(index: int) -> Any:
        try:
            return call(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(run, range(number)))


def token_of(here, role: str) -> str:
    return issue(getattr(here, role), here.community, role, None)


def test_one_of_two_with_the_same_version_wins() -> None:
    here = make_neighbourhood()
    matter = here.at_stage("dispatched")
    token, version = token_of(here, "handler"), matter.version

    answers = together(
        2, lambda _: Caller(token).act(matter, "accept", {"facts": {}, "version": version})
    )

    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert won.status_code == 200
    body = is_problem(lost, 409, "changed-meanwhile")
    assert body["current_version"] == version + 1
    assert [event["kind"] for event in body["events"]] == ["casework.accepted"]
    assert matter.events.filter(action="accept").count() == 1


def test_one_of_two_without_a_version_finds_the_wrong_stage() -> None:
    here = make_neighbourhood()
    matter = here.at_stage("dispatched")
    token = token_of(here, "handler")

    answers = together(2, lambda _: Caller(token).act(matter, "accept"))

    assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_the_same_key_six_times_at_once_begins_one_matter() -> None:
    here = make_neighbourhood()
    token = token_of(here, "resident")

    answers = together(
        6, lambda _: Caller(token).post("/matters", REPORT, **{"Idempotency-Key": "same"})
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert Matter.objects.count() == 1


def test_the_same_key_for_two_things_at_once_is_refused_for_one() -> None:
    here = make_neighbourhood()
    token = token_of(here, "resident")

    answers = together(
        2,
        lambda index: Caller(token).post(
            "/matters", REPORT | {"facts": {"text": f"第{index}件"}}, **{"Idempotency-Key": "same"}
        ),
    )

    assert sorted(answer.status_code for answer in answers) == [201, 422]
    assert Matter.objects.count() == 1


def test_twelve_different_reports_at_once_are_all_there() -> None:
    here = make_neighbourhood()
    token = token_of(here, "resident")

    answers = together(12, lambda _: Caller(token).post("/matters", REPORT))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 12
