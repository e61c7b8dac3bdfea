"""What each page of lists, maps and figures asks of the database, however many matters lie there."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

PLACE = {"longitude": 114.305, "latitude": 30.505}
BOX = "114.29,30.49,114.32,30.52"
PUBLIC = {
    "/": 8,
    "/board/": 9,
    "/board/?q=路灯": 9,
    "/board/?category=roads&state=in_hand": 9,
    "/board/map/": 5,
    f"/board/points.json?bbox={BOX}&zoom=14": 5,
}
STAFF = {
    "/desk/": 12,
    "/desk/inbox/": 13,
    "/desk/inbox/?view=broken": 13,
    "/desk/inbox/?view=overdue&category=roads&urgency=urgent": 13,
    "/desk/inbox/?q=路灯": 15,
    "/desk/inbox/?view=closed": 12,
    "/desk/board/": 9,
    "/desk/map/": 8,
    f"/desk/map/points.json?box={BOX}&zoom=14": 9,
    "/desk/search/?q=路灯": 14,
}


def spent(client: Client, path: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    heavy = ('"packs_pack"."content"', '"places_area"."boundary"')
    assert not [one for one in queries if any(column in one["sql"] for column in heavy)]
    return len(queries)


@pytest.mark.parametrize("path", [*PUBLIC, *STAFF])
def test_a_page_asks_the_same_of_few_and_of_many(here, path: str) -> None:
    client = Client()
    if path in STAFF:
        client.force_login(here.dispatcher)
    for _ in range(2):
        here.at_stage("dispatched", **PLACE)
    spent(client, path)  # what a process learns once
    few = spent(client, path)
    for _ in range(4):
        here.at_stage("dispatched", **PLACE)

    assert spent(client, path) == few == {**PUBLIC, **STAFF}[path]
