"""Linli through PgBouncer in transaction mode, with the configuration that deploy/ offers."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from configparser import ConfigParser
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from django.db import close_old_connections, connection, connections

from linli.kernel.events.models import Event
from linli.kernel.matters.models import Matter
from linli.kernel.organisations.models import Community
from linli.kernel.procedures.performing import begin, perform
from tests.neighbourhood import make_neighbourhood

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
POOL = 3
pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="no pgbouncer on this machine"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only"),
]


def configuration(folder: Path, port: int, there: dict[str, Any]) -> Path:
    """Write deploy's configuration for the test database, with a pool smaller than its users."""
    offered = ConfigParser(interpolation=None)
    offered.read(ROOT / "deploy" / "systemd" / "pgbouncer.ini")
    name = there["NAME"]
    target = f"host={there['HOST']} port={there['PORT']} dbname={name} user={there['USER']}"
    offered["databases"] = {name: target}
    offered["pgbouncer"].update({
        "listen_port": str(port),
        "auth_type": "any",
        "auth_file": "",
        "default_pool_size": str(POOL),
        "reserve_pool_size": "0",
        "logfile": str(folder / "log"),
    })  # fmt: skip
    path = folder / "pgbouncer.ini"
    with path.open("w") as file:
        offered.write(file)
    return path


@pytest.fixture
def through_pgbouncer(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Have the default connection of every thread go through PgBouncer."""
    there = connection.settings_dict
    before = {name: there[name] for name in ("HOST", "PORT")}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = configuration(tmp_path, port, there)
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:  # PgBouncer refuses to run as root
        nobody = pwd.getpwnam("nobody")
        identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        for folder in (tmp_path, *tmp_path.parents[:3]):
            if folder != Path("/tmp"):
                folder.chmod(0o755)
        os.chown(tmp_path, nobody.pw_uid, nobody.pw_gid)
    process = subprocess.Popen([str(PROGRAM), str(path)], **identity)
    connections.close_all()
    there |= {"HOST": "127.0.0.1", "PORT": port}
    try:
        _wait_for(port)
        yield
    finally:
        connections.close_all()
        there |= before
        process.terminate()
        process.wait(10)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(port)


def test_a_matter_goes_its_way(through_pgbouncer: None) -> None:
    here = make_neighbourhood()
    matter = here.at_stage("closed")
    assert matter.stage == "closed"
    assert Event.objects.filter(matter=matter).count() == 7


def test_many_share_few_connections(through_pgbouncer: None) -> None:
    """Twelve threads, three connections: every report is there, with a number of its own."""
    community = make_neighbourhood().community
    problems: list[str] = []

    def report(number: int) -> None:
        close_old_connections()
        try:
            for turn in range(5):
                here = Community.objects.get(pk=community.pk)
                begin("casework", "report", community=here, by=None,
                      facts={"text": f"第{number}栋的灯坏了，第{turn}次。"})  # fmt: skip
        except Exception as error:
            problems.append(repr(error))
        finally:
            connections.close_all()

    threads = [Thread(target=report, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []
    numbers = list(Matter.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == 60
    assert servers_used() <= POOL


def servers_used() -> int:
    """Return how many connections PostgreSQL itself sees on this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def test_iterating_holds_no_cursor(through_pgbouncer: None) -> None:
    """A server-side cursor would die when the connection goes to somebody else."""
    here = make_neighbourhood()
    for _ in range(6):
        here.report()
    seen = 0
    for matter in Matter.objects.iterator(chunk_size=2):
        perform(matter, "triage", by=here.dispatcher, facts={"category": "pothole"})
        seen += 1
    assert seen == 6


def test_times_are_utc_on_every_connection(through_pgbouncer: None) -> None:
    for _ in range(POOL):
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SHOW timezone")
            assert cursor.fetchone()[0] == "UTC"
