"""Many workers fold while people act and somebody rebuilds: each event counts once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from linli.kernel.indicators.folding import fold_pending
from linli.kernel.indicators.models import PendingEvent, Rollup
from linli.kernel.indicators.rebuilding import rebuild
from tests.neighbourhood import make_neighbourhood

pytestmark = pytest.mark.django_db(transaction=True)
REPORTS, WORKERS = 25, 3


@pytest.fixture(autouse=True)
def _not_in_memory() -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads need a database file or a server")


def test_each_event_counts_once() -> None:
    here, there = make_neighbourhood(), make_neighbourhood("xh", "XH")
    done: list[bool] = []

    def run(work):
        try:
            return work()
        finally:
            connections.close_all()

    def report() -> int:
        for _ in range(REPORTS):
            here.report()
            there.report()
        done.append(True)
        return 0

    def fold() -> int:
        folded = 0
        while not done:
            folded += fold_pending(limit=7)
        return folded

    def recount() -> int:
        rounds = 0
        while not done:
            Rollup.objects.filter(indicator="casework.reported", community=there.community).update(
                value=1_000_000
            )
            rebuild(there.community)
            rounds += 1
        return 0 if rounds else -1

    with ThreadPoolExecutor(WORKERS + 2) as pool:
        results = list(pool.map(run, [report, *[fold] * WORKERS, recount]))
    while fold_pending():
        pass

    assert sum(results) > 0
    assert not PendingEvent.objects.exists()
    rebuild(there.community)
    for place in (here, there):
        rows = Rollup.objects.filter(community=place.community, indicator="casework.reported")
        assert sum(rows.values_list("value", flat=True)) == REPORTS
        assert rebuild(place.community) == []
