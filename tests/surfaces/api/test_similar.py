"""Apps ask “is it this?” too, and learn what the public knows."""

from __future__ import annotations

import pytest

from tests.mechanisms.casework.test_similar import HERE, publish
from tests.surfaces.api.conftest import is_problem

TYPED = {"text": "路灯坏了，太黑", "longitude": 114.3051, "latitude": 30.505}


@pytest.fixture
def lamp(here):
    return publish(here, here.report(text="王大爷家门口路灯不亮", **HERE).matter)


def test_it_works(here, calls, lamp) -> None:
    (found,) = calls("resident").post("/similar", TYPED).json()
    assert found == {
        "number": lamp.number, "title": "门口路灯不亮", "area": "第一网格", "stage": "received",
        "stage_label": found["stage_label"], "people": 1, "promised_on": None, "promise": None,
    }  # fmt: skip


def test_supporting_is_a_start_like_any_other(here, calls, lamp) -> None:
    body = {"procedure": "casework", "start": "support", "facts": {"into": lamp.number}}
    answer = calls("stranger").post("/matters", body)
    assert answer.status_code == 201
    assert answer.json()["stage"] == "joined"
    is_problem(calls("stranger").post("/matters", body), 422, "invalid-facts")
    (found,) = calls("resident").post("/similar", TYPED).json()
    assert found["people"] == 2


def test_of_hidden_and_foreign_matters_nothing_is_learnt(here, elsewhere, calls, lamp) -> None:
    publish(here, lamp, publish=False)
    assert calls("secretary").post("/similar", TYPED).json() == []
    assert calls("secretary", elsewhere).post("/similar", TYPED).json() == []


@pytest.mark.parametrize(
    "wrong",
    [{}, {"text": "字" * 5001}, {"text": "灯", "longitude": 181}, {"text": "灯\x00"},
     {"text": "灯", "more": 1}, {"text": ["灯"]}, {"text": None}],
)  # fmt: skip
def test_wrong_bodies_are_refused(calls, wrong) -> None:
    assert calls("resident").post("/similar", wrong).status_code in (400, 422)


def test_without_a_token_nobody_asks(calls) -> None:
    is_problem(calls(None).post("/similar", TYPED), 401, "token-needed")


def test_it_is_limited(calls, settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "similar": "1/h"}
    caller = calls("resident")
    assert caller.post("/similar", TYPED).status_code == 200
    is_problem(caller.post("/similar", TYPED), 429, "too-many-requests")
