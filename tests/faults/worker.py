"""A real worker in a process of its own, on the tests' database, to be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from django.conf import settings

from tests.faults.server import ROOT, database_url


class WorkerProcess:
    """``linli worker``, started and killed."""

    def __init__(self) -> None:
        environment = os.environ | {
            "DATABASE_URL": database_url(),
            "LINLI_DATA": str(settings.DATA),
            "LINLI_SECRET_KEY": settings.SECRET_KEY,
            "LINLI_MASTER_KEY": settings.MASTER_KEY,
            "LINLI_WEBHOOK_PRIVATE": "1",
            "LINLI_EMAIL_URL": "dummymail://",
            "DJANGO_SETTINGS_MODULE": "linli.settings",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "django", "worker"], env=environment, cwd=ROOT,
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def __enter__(self) -> WorkerProcess:
        return self

    def __exit__(self, *told: object) -> None:
        self.kill()

    def kill(self) -> None:
        """Kill it without a chance to tidy up."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self, seconds: float) -> int:
        """Ask it to stop and return its exit status. Raises TimeoutExpired."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(seconds)
