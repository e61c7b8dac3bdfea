"""What benches that ask over HTTP share: a private PostgreSQL, a real server, latencies."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
INSIDE = "LINLI_BENCH_INSIDE"
PATIENCE = 120.0


def beside_postgres(module: str, *, durable: bool, settings: str = "linli.settings") -> None:
    """Run a bench anew beside a private PostgreSQL, then exit; return at once within it."""
    if INSIDE in os.environ:
        return
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as data:
        environment = os.environ | {
            INSIDE: "1",
            "LINLI_DATA": data,
            "DJANGO_SETTINGS_MODULE": settings,
            "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        }
        script = [sys.executable, str(ROOT / "scripts/postgres.py")]
        script += ["--durable"] if durable else []
        command = [*script, "run", "--", sys.executable, "-m", module, *sys.argv[1:]]
        sys.exit(subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode)


@contextmanager
def serving(workers: int = 2) -> Iterator[str]:
    """Serve what this process sees, over HTTP on the loopback; give the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", str(workers), "--blocking-threads", "4", "--no-ws",
        "linli.settings.wsgi:application",
    ]  # fmt: skip
    environment = os.environ | {"LINLI_RATE_API": "10000000/m", "LINLI_RATE_PLACES": "10000000/m"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait()


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{address}/healthz", timeout=1)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError("the server did not start")


def cpu_below() -> float:
    """Return the seconds of CPU that the processes this one began have used (Linux; else 0)."""

    def below(pid: str) -> Iterator[str]:
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in children.read_text().split():
                yield child
                yield from below(child)

    ticks = 0
    for pid in below("self"):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # utime, stime
    return ticks / os.sysconf("SC_CLK_TCK")


def p50_and_p99(seconds: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 99th percentile, in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return cuts[49] * 1000, cuts[98] * 1000
