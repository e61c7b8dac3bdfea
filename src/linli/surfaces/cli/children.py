"""Starting, watching and stopping the processes of ``linli up``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

STOP_SECONDS = 30.0


class Child:
    """One command of Linli in a process of its own."""

    def __init__(self, *command: str, environment: dict[str, str]) -> None:
        self._command = [sys.executable, "-m", "django", *command]
        self._environment = os.environ | environment | {"DJANGO_SETTINGS_MODULE": "linli.settings"}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, in a group of its own, so that Ctrl-C reaches it once and through us."""
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            self._command, env=self._environment, start_new_session=True
        )

    @property
    def pid(self) -> int | None:
        """The number of the process, None before it was started."""
        return self._process.pid if self._process else None

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def ask_to_stop(self) -> None:
        """Ask it to finish what it does and stop."""
        if self._process is not None and self.running:
            self._process.send_signal(signal.SIGTERM)

    def wait(self, ends: float) -> None:
        """Wait for it until a moment of the monotonic clock, then end it and its own children."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.1, ends - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def stop_all(children: list[Child]) -> None:
    """Stop children together, patiently."""
    ends = time.monotonic() + STOP_SECONDS
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait(ends)
