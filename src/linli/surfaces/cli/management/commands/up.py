"""``linli up``: everything in one command, for trying Linli and for small installations."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

import httpx
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.packs.loading import load_pack
from linli.surfaces.cli.children import Child, stop_all
from linli.surfaces.cli.command import LinliCommand
from linli.surfaces.cli.ports import check_free
from linli.surfaces.cli.static_files import collect_if_stale

if TYPE_CHECKING:
    from argparse import ArgumentParser

PATIENCE = 60.0  # seconds until the server must answer
LOOK_EVERY = 0.5


class Command(LinliCommand):
    """Prepares what is not prepared, serves, works, and stops both on Ctrl-C."""

    summary = gettext_lazy("Prepare the database and serve a neighbourhood, with a worker")
    requires_system_checks = "__all__"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument(
            "--demo",
            choices=("full", "small", "none"),
            default="none" if settings.PRODUCTION else "full",
            help=_("the demo neighbourhood to fill an empty installation with"),
        )

    def handle(self, *args: Any, host: str, port: int, demo: str, **options: Any) -> None:
        check_free(host, port)
        self._prepare(demo)  # broken off by Ctrl-C at once: what was begun is taken back
        connections.close_all()
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_told: stop.set())
        environment = {"PORT": str(port), "HOST": host}
        server = Child("serve", environment=environment)
        worker = Child("worker", environment=environment)
        try:
            server.start()
            worker.start()
            if self._answers(host, port, server, stop):
                self._tell(host, port, demo)
            self._watch(server, worker, stop)
        finally:
            self._say(_("Stopping …"))
            stop_all([server, worker])

    def _prepare(self, demo: str) -> None:
        """Bring database, pack, demo neighbourhood and static files up to date."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self._say(_("Preparing the database …"))
            call_command("migrate", verbosity=0, interactive=False, database=DEFAULT_DB_ALIAS)
        load_pack(settings.DEFAULT_PACK)
        if demo != "none":
            call_command("demo", if_empty=True, size=demo, stdout=self.stdout)
        if collect_if_stale():
            self._say(_("Style sheets and scripts are collected."))

    def _answers(self, host: str, port: int, server: Child, stop: threading.Event) -> bool:
        """Wait until the server answers. Raises CommandError when it does not come up."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends and server.running and not stop.is_set():
            try:
                httpx.get(f"{_address(host, port)}/healthz", timeout=2)
                return True
            except httpx.TransportError:
                stop.wait(0.1)
        if stop.is_set():
            return False
        raise CommandError(_("The server did not start; its messages stand above."))

    def _tell(self, host: str, port: int, demo: str) -> None:
        told = {"address": _address(host, port)}
        self._say(_("Linli is open at %(address)s – stop it with Ctrl-C.") % told)
        if demo != "none":
            call_command("demo", accounts=True, stdout=self.stdout)

    def _watch(self, server: Child, worker: Child, stop: threading.Event) -> None:
        """Restart a worker that died; end when told to, or with the server."""
        while not stop.wait(LOOK_EVERY):
            if not server.running:
                raise CommandError(_("The server ended; its messages stand above."))
            if not worker.running:
                self._say(_("The worker ended and is started again."))
                worker.start()

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def _address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104 - compared only
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
