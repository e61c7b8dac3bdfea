"""``linli worker``: deliver notices, watch clocks, keep figures, run queued tasks."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext_lazy as _

from linli.kernel.background.working import work_once, work_until

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Works until SIGTERM or Ctrl-C, then finishes what is under way. Several may run."""

    help = str(_("Deliver notices, find overdue clocks, keep figures, run queued tasks."))

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help=str(_("do what is due now, then stop"))
        )

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        if once:
            work_once()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_told: stop.set())
        work_until(stop)
