"""Anonymity: how long a city's year takes, and what is lost beside one level for all.

Rows made up for a city (``--rows``, default 1,000,000): grids in communities in districts, busy
and quiet ones, a year of days, categories in groups, people who report once and people who report
often. The peer is the plain way, in the same run: full-domain generalisation, one level a column
for the whole table, classes below k left out, at the one of all nodes that loses least.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from linli.engines.anonymity import (
    Column,
    Hierarchy,
    Rule,
    Sensitive,
    anonymise,
    days_hierarchy,
    full_domain,
    measure,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_SECONDS, K, DIVERSITY = 60.0, 5, 2
GRIDS, CATEGORIES = 2_000, 60
SAMPLE = 100_000  # rows on which the peer's best node is looked for


def main() -> None:
    """Measure and print one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.anonymity", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    asked = parser.parse_args()
    columns, people, sensitive = city(asked.rows)
    began = time.perf_counter()
    table = anonymise(columns, people, Rule(K, DIVERSITY, sensitive))
    seconds = time.perf_counter() - began
    ours = measure(table, people)
    node = best_node(columns, people)
    peer = measure(full_domain(columns, people, K, node), people)
    print(json.dumps({
        "name": "anonymity",
        "ok": seconds < MOST_SECONDS and ours.smallest >= K and ours.certainty < peer.certainty,
        "rows": asked.rows, "seconds": round(seconds, 2), "k": K, "l": DIVERSITY,
        "ours": told(ours), "peer": told(peer) | {"levels": node},
        "ratio": round(ours.certainty / peer.certainty, 3),
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "bounds": {"seconds": MOST_SECONDS},
    }))  # fmt: skip


def city(rows: int) -> tuple[list[Column], NDArray[np.int64], Sensitive]:
    """Return rows of a city: three columns, who each is about, which categories are sensitive."""
    chance = np.random.default_rng(20260101)
    place = Hierarchy.of(
        ("grid", "community", "district"),
        [(f"g{one}", f"c{one // 8}", f"d{one // 200}") for one in range(GRIDS)],
    )
    days = days_hierarchy([date(2026, 1, 1) + timedelta(days=one) for one in range(365)])
    category = Hierarchy.of(
        ("category", "group"), [(f"k{one}", f"s{one // 6}") for one in range(CATEGORIES)]
    )
    columns = [
        Column(place, _uneven(chance, GRIDS, rows)),
        Column(days, chance.integers(0, 365, rows)),
        Column(category, _uneven(chance, CATEGORIES, rows)),
    ]
    people = np.floor(rows * chance.random(rows) ** 1.5).astype(np.int64)
    people[chance.random(rows) < 0.1] = -1
    return columns, people, Sensitive(2, np.arange(CATEGORIES) % 12 == 7)


def _uneven(chance: np.random.Generator, many: int, rows: int) -> NDArray[np.int64]:
    weights = 1 / (np.arange(many) + 5.0) ** 0.8
    return chance.permutation(many)[chance.choice(many, rows, p=weights / weights.sum())]


def best_node(columns: list[Column], people: NDArray[np.int64]) -> tuple[int, ...]:
    """Return the levels at which one level for all loses least, found on the first rows.

    On fewer rows classes are smaller, so k is made smaller with them, to no less than 2.
    """
    part = [Column(one.hierarchy, one.values[:SAMPLE]) for one in columns]
    k = max(2, round(K * min(1.0, SAMPLE / len(people))))
    ranges = [range(one.hierarchy.top + 1) for one in columns]
    return min(
        product(*ranges),
        key=lambda node: measure(full_domain(part, people[:SAMPLE], k, node), people[:SAMPLE])
        .certainty,
    )  # fmt: skip


def told(loss: Any) -> dict[str, Any]:
    """Return the measures as they are printed."""
    return {
        "certainty_lost": loss.certainty, "by_column": loss.by_column, "classes": loss.classes,
        "suppressed": loss.suppressed, "smallest_class": loss.smallest,
        "discernibility": loss.discernibility,
    }  # fmt: skip


if __name__ == "__main__":
    main()
