"""A real server in a process of its own, on a database of its own, to be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from django.conf import settings
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds; the machine may have much else to do


@dataclass
class Server:
    """Where the server listens, and how to start, kill and stop it."""

    url: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        port = self.url.rpartition(":")[2]
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", port, "--workers", "1", "--blocking-threads", "8", "--no-ws",
            "linli.settings.wsgi:application",
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command, env=self.environment, cwd=ROOT, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}")
            try:
                httpx.get(f"{self.url}/healthz", timeout=5)
                return
            except httpx.TransportError:
                time.sleep(0.1)
        raise TimeoutError(self.url)

    def kill(self) -> None:
        """Kill it and its workers without a chance to tidy up."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


def database_url() -> str:
    """Return the address of the tests' own database."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    there = connection.settings_dict
    return f"postgres://{there['USER']}@{there['HOST']}:{there['PORT']}/{name}"


@contextmanager
def running_server() -> Iterator[Server]:
    """Serve the tests' own database (tests must commit: ``transaction=True``)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "LINLI_DATA": str(settings.DATA),
        "LINLI_SECRET_KEY": settings.SECRET_KEY,
        "LINLI_MASTER_KEY": settings.MASTER_KEY,
        "LINLI_RATE_API": "100000/m",
    }
    server = Server(f"http://127.0.0.1:{port}", environment)
    server.start()
    try:
        yield server
    finally:
        server.kill()
