"""Several people at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

from linli.kernel.procedures.errors import Refused


def together(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run ``work(i)`` in as many threads at the same moment; return results or refusals."""
    start = Barrier(count)

    def run(number: int) -> Any:
        try:
            start.wait()
            return work(number)
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
