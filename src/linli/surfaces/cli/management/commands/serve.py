"""``linli serve``: the web server, Granian."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from django.db import connections
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.surfaces.cli.command import LinliCommand
from linli.surfaces.cli.ports import check_free
from linli.surfaces.cli.static_files import collect_if_stale

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(LinliCommand):
    """Replaces itself by the server, so that signals reach it."""

    summary = gettext_lazy("Serve the pages and the API")
    requires_system_checks = "__all__"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument(
            "--workers",
            type=int,
            default=int(os.environ.get("LINLI_SERVER_WORKERS", "1")),
            help=_("processes; about one for each core"),
        )
        parser.add_argument(
            "--threads",
            type=int,
            default=int(os.environ.get("LINLI_SERVER_THREADS", "8")),
            help=_("requests answered at once by each process"),
        )

    def handle(
        self, *args: Any, host: str, port: int, workers: int, threads: int, **options: Any
    ) -> None:
        check_free(host, port)
        collect_if_stale()
        connections.close_all()
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws",
            "--host", host, "--port", str(port),
            "--workers", str(workers), "--blocking-threads", str(threads),
            "--respawn-failed-workers", "--log-level", "error",
            "linli.settings.wsgi:application",
        ]  # fmt: skip
        os.execv(sys.executable, command)  # noqa: S606 - no shell is meant
