"""``linli worker``: deliver notices, watch clocks, keep figures, run queued tasks."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.background.working import work_once, work_until
from linli.surfaces.cli.command import LinliCommand

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(LinliCommand):
    """Works until SIGTERM or Ctrl-C, then finishes what is under way. Several may run."""

    summary = gettext_lazy("Deliver notices, find overdue clocks, keep figures, run queued tasks")
    requires_system_checks = "__all__"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help=_("do what is due now, then stop"))

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        if once:
            work_once()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_told: stop.set())
        work_until(stop)
