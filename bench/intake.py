"""Taking reports in over HTTP, against a bare Django view that writes the same rows.

Both are served by the same server on the same durable PostgreSQL, in turns. Bounds: at least 0.6
of the peer's rate; the 99th percentile below 50 ms at half of the highest rate. What else bears on
a latency is told with it: the peer's own at the same rate, and how late the clients themselves
were. The server's CPU for one request (PostgreSQL's apart) holds on a busy machine too.

    python -m bench.intake [--seconds 10] [--clients 8] [--rounds 3]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import statistics
import sys
import time
from typing import Any

import httpx

from bench.serving import beside_postgres, cpu_below, p50_and_p99, serving

RATIO_BOUND, P99_BOUND_MS = 0.6, 50.0


def main() -> None:
    """Measure and print JSON; exit status 1 where a bound is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    beside_postgres("bench.intake", durable=True, settings="bench.bare_settings")
    result = measure(asked.seconds, asked.clients, asked.rounds)
    print(json.dumps(result, indent=2))
    sys.exit(0 if result["ok"] else 1)


def measure(seconds: float, clients: int, rounds: int) -> dict[str, Any]:
    """Return rates, their ratio round by round, and latency at half load."""
    token, ids = prepare()
    with serving() as address:
        headers = {"Authorization": f"Bearer {token}"}
        rows = rows_of_a_report(address, headers)
        linli = Load(address, "/api/v1/matters", report, headers)
        asked = ids | {"rows": rows, "text": "路灯坏了，晚上很黑。"}
        bare = Load(address, "/bare", lambda: asked, {})
        for load in (linli, bare):
            load.run(min(2.0, seconds), clients)  # warm up
        rates = [(linli.run(seconds, clients), bare.run(seconds, clients)) for _ in range(rounds)]
        ratios = [one["rate"] / other["rate"] for one, other in rates]
        rate = statistics.median(one["rate"] for one, _ in rates) / 2
        half, bare_half = (load.run(seconds, clients, at_rate=rate) for load in (linli, bare))
    ratio = statistics.median(ratios)
    errors = half["errors"] + sum(one["errors"] + other["errors"] for one, other in rates)
    return {
        "name": "intake",
        "database": "postgresql, durable",
        "rows_per_report": rows,
        "reports_per_second": round(statistics.median(one["rate"] for one, _ in rates), 1),
        "bare_views_per_second": round(statistics.median(other["rate"] for _, other in rates), 1),
        "cpu_ms": round(statistics.median(one["cpu_ms"] for one, _ in rates), 2),
        "bare_cpu_ms": round(statistics.median(other["cpu_ms"] for _, other in rates), 2),
        "ratio": round(ratio, 3),
        "ratios": [round(one, 3) for one in ratios],
        "ratio_bound": RATIO_BOUND,
        "half_load_per_second": round(half["rate"], 1),
        "half_load_p50_ms": round(half["p50_ms"], 1),
        "half_load_p99_ms": round(half["p99_ms"], 1),
        "half_load_sent_late_p99_ms": round(half["late_p99_ms"], 1),
        "bare_at_this_rate_p50_ms": round(bare_half["p50_ms"], 1),
        "bare_at_this_rate_p99_ms": round(bare_half["p99_ms"], 1),
        "p99_bound_ms": P99_BOUND_MS,
        "errors": errors,
        "ok": not errors and ratio >= RATIO_BOUND and half["p99_ms"] < P99_BOUND_MS,
    }


def prepare() -> tuple[str, dict[str, int]]:
    """Migrate, make a neighbourhood; return a token of a resident and the ids the peer needs."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from linli.kernel.access.tokens import issue
    from tests.neighbourhood import make_neighbourhood

    here = make_neighbourhood()
    token = issue(here.resident, here.community, "bench", None)
    connection.close()
    ids = {
        "community": here.community.pk,
        "pack": here.community.pack_id,
        "person": here.resident.pk,
        "desk": here.desk.pk,
    }
    return token, ids


def report() -> dict[str, Any]:
    """Return a report with a place, as a telephone sends it."""
    place = {
        "longitude": 114.30 + secrets.randbelow(1000) / 100_000,
        "latitude": 30.50 + secrets.randbelow(1000) / 100_000,
    }
    facts = {"text": "路灯坏了，晚上很黑。", "category": "pothole", **place}
    return {"procedure": "casework", "start": "report", "facts": facts}


def rows_of_a_report(address: str, headers: dict[str, str]) -> int:
    """Return how many rows one report adds, counted in every table."""
    from django.db import connection

    def count() -> int:
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            total = 0
            for table in tables:
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                total += cursor.fetchone()[0]
            return total

    many = 20
    with httpx.Client(base_url=address, timeout=30) as client:
        client.post("/api/v1/matters", json=report(), headers=headers | key()).raise_for_status()
        before = count()
        for _ in range(many):
            client.post("/api/v1/matters", json=report(), headers=headers | key())
    rows = round((count() - before) / many)
    connection.close()
    return rows


def key() -> dict[str, str]:
    """Return a fresh idempotency key as a header."""
    return {"Idempotency-Key": secrets.token_hex(12)}


class Load:
    """Clients that post one after another, each on a connection of its own."""

    def __init__(self, base: str, path: str, body: Any, headers: dict[str, str]) -> None:
        self.base, self.path, self.body, self.headers = base, path, body, headers

    def run(self, seconds: float, clients: int, at_rate: float | None = None) -> dict[str, Any]:
        """Post for so many seconds, as fast as can be or at a rate; return rate and latencies."""
        return asyncio.run(self._run(seconds, clients, at_rate))

    async def _run(self, seconds: float, clients: int, at_rate: float | None) -> dict[str, Any]:
        took: list[float] = []
        late: list[float] = [0.0, 0.0]
        errors = 0
        end = time.perf_counter() + seconds

        async def one(number: int) -> None:
            nonlocal errors
            pause = clients / at_rate if at_rate else 0.0
            due = time.perf_counter() + pause * number / clients
            async with httpx.AsyncClient(base_url=self.base, timeout=30) as client:
                while time.perf_counter() < end:
                    if pause:
                        await asyncio.sleep(max(0.0, due - time.perf_counter()))
                        late.append(time.perf_counter() - due)
                        due += pause
                    began = time.perf_counter()
                    answer = await client.post(
                        self.path, json=self.body(), headers=self.headers | key()
                    )
                    took.append(time.perf_counter() - began)
                    errors += answer.status_code != 201

        began, cpu = time.perf_counter(), cpu_below()
        await asyncio.gather(*(one(number) for number in range(clients)))
        elapsed = time.perf_counter() - began
        p50, p99 = p50_and_p99(took)
        return {
            "rate": len(took) / elapsed,
            "p50_ms": p50,
            "p99_ms": p99,
            "late_p99_ms": p50_and_p99(late)[1],
            "cpu_ms": (cpu_below() - cpu) / len(took) * 1000,
            "errors": errors,
        }


if __name__ == "__main__":
    main()
