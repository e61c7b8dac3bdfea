"""``linli up`` for real, in a process and a data folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 240.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Up:
    """The command, its output, and its address."""

    def __init__(self, data: Path, port: int) -> None:
        environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        environment |= {
            "LINLI_DATA": str(data), "PORT": str(port), "LANG": "C.UTF-8",
            "DJANGO_SETTINGS_MODULE": "linli.settings",
        }  # fmt: skip
        self.url = f"http://127.0.0.1:{port}"
        self.output = data.parent / f"{port}.log"
        with self.output.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "django", "up", "--demo", "small"], cwd=ROOT, env=environment,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def wait(self) -> None:
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends and self.process.poll() is None:
            if self.url in self.output.read_text():
                return
            time.sleep(0.1)
        raise AssertionError(self.output.read_text())

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def children(self) -> list[int]:
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
def test_it_starts_serves_works_and_stops(tmp_path) -> None:
    data, port = tmp_path / "var", free_port()
    up = Up(data, port)
    try:
        up.wait()
        assert httpx.get(up.url, timeout=20).status_code == 200
        assert (data / "static" / "staticfiles.json").exists()

        worker = next(
            pid for pid in up.children()
            if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        )  # fmt: skip
        os.kill(worker, signal.SIGKILL)
        ends = time.monotonic() + 20
        while time.monotonic() < ends and (len(up.children()) < 2 or worker in up.children()):
            time.sleep(0.1)
        children = up.children()
        assert len(children) == 2
        assert worker not in children

        taken = Up(data, port)
        assert taken.process.wait(60) == 1
        assert f"{port}" in taken.output.read_text().splitlines()[-1]
    finally:
        status = up.stop()

    assert status == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)
    with pytest.raises(httpx.TransportError):
        httpx.get(up.url, timeout=2)
