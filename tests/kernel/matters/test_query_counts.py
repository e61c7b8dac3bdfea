"""What each list, map and page of matters costs is fixed, however many matters there are.

Nothing read in a list drags the pack's content or the boundaries of areas along.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.kernel.access.tokens import issue
from linli.kernel.matters.inbox import InboxFilters, inbox
from linli.kernel.matters.map import on_map
from linli.kernel.matters.queries import search
from linli.kernel.people.models import Person
from linli.mechanisms.casework.board import (
    BoardFilter,
    areas_with_requests,
    board_page,
    figures,
)

BOX = (114.29, 30.49, 114.32, 30.52)
PLACE = {"longitude": 114.305, "latitude": 30.505}


def fresh(person: Person) -> Person:
    """Return a person of whom nothing is remembered yet."""
    return Person.objects.get(pk=person.pk)


def asked(here: Any, name: str) -> Callable[[], Any]:
    dispatcher, community = fresh(here.dispatcher), here.community
    return {
        "inbox": lambda: inbox(dispatcher, community).matters,
        "inbox by words": lambda: inbox(dispatcher, community, InboxFilters(text="路灯")).matters,
        "inbox with its size": lambda: inbox(dispatcher, community, counted=True).matters,
        "search": lambda: search(dispatcher, community, "路灯"),
        "board": lambda: board_page(community, BoardFilter()).items,
        "board by words": lambda: board_page(community, BoardFilter(text="路灯")).items,
        "figures": lambda: figures(community),
        "areas": lambda: areas_with_requests(community),
        "map of staff": lambda: on_map(dispatcher, community, BOX, 14),
        "map of the public": lambda: on_map(None, community, BOX, 14),
    }[name]


# Posts and the areas of the own organisation come first wherever staff ask.
COSTS = {
    "inbox": 4,  # posts, areas, dated, undated
    "inbox by words": 6,  # also the newest; windows of time add two in a large community
    "inbox with its size": 5,
    "search": 8,
    "board": 1,
    "board by words": 2,
    "figures": 4,
    "areas": 2,
    "map of staff": 5,  # posts, areas, squares, keys, pins
    "map of the public": 3,
}


@pytest.mark.parametrize("name", COSTS)
def test_it_costs_the_same_for_few_and_many(here, name: str, settings) -> None:
    def spent() -> list[str]:
        from django.core.cache import cache

        cache.clear()
        run = asked(here, name)
        with CaptureQueriesContext(connection) as queries:
            run()
        return [query["sql"] for query in queries]

    for _ in range(2):
        here.at_stage("dispatched", **PLACE)
    few = spent()
    for _ in range(6):
        here.at_stage("dispatched", **PLACE)
    many = spent()

    assert len(few) == len(many) == COSTS[name], many
    heavy = ('"packs_pack"."content"', '"places_area"."boundary"')
    assert not [sql for sql in many if any(column in sql for column in heavy)]


@pytest.mark.parametrize(
    ("path", "cost"), [("/api/v1/me/inbox", 7), ("/api/v1/matters", 6), ("MATTER", 10)]
)
def test_an_answer_of_the_api_costs_the_same(here, path: str, cost: int) -> None:
    token = issue(here.dispatcher, here.community, "test", None)
    headers = {"Authorization": f"Bearer {token}"}
    matter = here.at_stage("dispatched", **PLACE)
    address = f"/api/v1/matters/{matter.number}" if path == "MATTER" else path

    def spent() -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = Client().get(address, headers=headers)
        assert answer.status_code == 200
        heavy = ('"packs_pack"."content"', '"places_area"."boundary"')
        assert not [q for q in queries if any(column in q["sql"] for column in heavy)]
        return len(queries)

    spent()  # notes the use of the token
    few = spent()
    for _ in range(4):
        here.at_stage("dispatched", **PLACE)

    assert spent() == few == cost
