"""A million matters of one city: inbox, search, board and map over HTTP, each below 100 ms.

Asked by one client after another of a real server, whole pages, with many filters, pages far
down, common and rare words, all zooms and several roles. Each question is asked three times;
`p99_calm_ms` takes the fastest of the three, and so shows the query rather than the neighbours on
the machine. The peers are what one writes first: OFFSET, LIKE, and counting what is on the map.

    python -m bench.million [--matters 1000000] [--questions 150]
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

import httpx

from bench.serving import beside_postgres, p50_and_p99, serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.city import City
    from bench.questions import Question

BOUND_MS = 100.0
ASKED, PEER_ASKED = 3, 5


def main() -> None:
    """Measure and print JSON; exit status 1 where a bound is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--matters", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=150, help="of each kind")
    asked = parser.parse_args()
    beside_postgres("bench.million", durable=False)
    result = measure(asked.matters, asked.questions)
    print(json.dumps(result, ensure_ascii=False))
    sys.exit(0 if result["ok"] else 1)


def measure(matters: int, questions: int) -> dict[str, Any]:
    """Fill the database unless it is full, ask, and return the figures of each kind."""
    city, filled = prepare(matters)
    from bench.city import differing_entries
    from bench.peers import PEERS
    from bench.questions import questions_for
    from linli.kernel.matters.models import Matter

    kinds = questions_for(city, questions, random.Random(1))
    with serving() as address:
        figures = {}
        for kind, asked in kinds.items():
            print(f"asking {kind}", file=sys.stderr)
            figures[kind] = ask(address, asked)
    for kind, peer in PEERS.items():
        if kind in figures:
            figures[kind]["peer_p50_ms"] = peer_median(peer, city)
            ratio = figures[kind]["peer_p50_ms"] / figures[kind]["p50_ms"]
            figures[kind]["peer_takes_times"] = round(ratio, 1)
    sound = differing_entries() == 0
    good = all(one["p99_ms"] < BOUND_MS and not one["errors"] for one in figures.values())
    return {
        "name": "million",
        "database": "postgresql",
        "matters": Matter.objects.count(),
        "open": Matter.objects.filter(closed_at__isnull=True).count(),
        "filled_in_seconds": filled,
        "entries_as_the_kernel_writes_them": sound,
        "p99_bound_ms": BOUND_MS,
        "figures": figures,
        "ok": good and sound,
    }


def prepare(matters: int) -> tuple[City, float]:
    """Migrate and fill; a database that is full already is taken as it is."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from bench.city import fill, find_city, make_city

    if (city := find_city()) is not None:
        return city, 0.0
    began = time.perf_counter()
    city = make_city()
    fill(city, matters)
    return city, round(time.perf_counter() - began, 1)


def ask(address: str, questions: list[Question]) -> dict[str, Any]:
    """Ask each question three times, in turns; return latencies and how many went wrong."""
    took: list[list[float]] = [[] for _ in questions]
    size, errors = 0, 0
    with httpx.Client(base_url=address, timeout=60) as client:
        for question in questions[:20] * 2:  # warm up: both workers compile their templates
            client.get(question.path, headers=question.headers)
        for _ in range(ASKED):
            for times, question in zip(took, questions, strict=True):
                began = time.perf_counter()
                answer = client.get(question.path, headers=question.headers)
                times.append(time.perf_counter() - began)
                errors += answer.status_code != 200
                size += len(answer.content)
    calm = [min(times) for times in took]
    p50, p99 = p50_and_p99([one for times in took for one in times])
    slowest = sorted(zip(calm, questions, strict=True), key=lambda pair: -pair[0])[:3]
    return {
        "requests": len(questions) * ASKED,
        "p50_ms": round(p50, 1),
        "p99_ms": round(p99, 1),
        "p99_calm_ms": round(p50_and_p99(calm)[1], 1),
        "mean_bytes": round(size / len(questions) / ASKED),
        "errors": errors,
        "slowest": [f"{seconds * 1000:.0f} ms {one.label}" for seconds, one in slowest],
    }


def peer_median(peer: Callable[[City, random.Random], None], city: City) -> float:
    """Return the median of a few runs of a peer, in milliseconds, without HTTP."""
    chance, took = random.Random(2), []
    for _ in range(PEER_ASKED):
        began = time.perf_counter()
        peer(city, chance)
        took.append(time.perf_counter() - began)
    return round(statistics.median(took) * 1000, 1)


if __name__ == "__main__":
    main()
