"""Two Linli servers, each a process with a database of its own, exchange requests."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests.faults.server import ROOT, Server

# It has databases of its own, so that the database of the other tests makes no difference.
pytestmark = pytest.mark.skipif(
    not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"),
    reason="done in the run on SQLite",
)


class City:
    """One of the two: its data, its server, and what happens there."""

    def __init__(self, folder: Path, code: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.folder, self.code = folder, code
        self.environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder / 'linli.sqlite3'}",
            "LINLI_DATA": str(folder),
            "LINLI_SECRET_KEY": f"secret of {code}",
            "LINLI_MASTER_KEY": f"master of {code}",
            "LINLI_URL": f"http://127.0.0.1:{port}",
            "LINLI_WEBHOOK_PRIVATE": "1",
            "DJANGO_SETTINGS_MODULE": "linli.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        }
        self.server = Server(f"http://127.0.0.1:{port}", self.environment)

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *command], env=self.environment, cwd=ROOT,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def does(self, *step: str) -> Any:
        return json.loads(self.run("tests.surfaces.open311.city", *step))

    @property
    def address(self) -> str:
        return f"{self.server.url}/open311/v2"


@pytest.fixture
def cities(tmp_path, django_db_setup):
    """Two cities, each on a copy of the tests' database, which holds tables and no rows."""
    both = City(tmp_path / "a", "aa"), City(tmp_path / "b", "bb")
    empty = sqlite3.connect(connection.settings_dict["NAME"])
    for city in both:
        city.folder.mkdir()
        with closing(sqlite3.connect(city.folder / "linli.sqlite3")) as copy:
            empty.backup(copy)
    empty.close()
    try:
        for city in both:
            city.key = city.does("seed", city.code, city.code.upper())["key"]
            city.server.start()
        yield both
    finally:
        for city in both:
            city.server.kill()


def test_they_exchange_requests(cities) -> None:
    ours, theirs = cities

    referred = ours.does("refer", theirs.address, theirs.key)
    assert referred["pushed"] == [1, 0]

    worked = theirs.does("work", ours.address, ours.key)
    number, text = worked["sent"]
    assert text == f"湖边路上有坑。 [{referred['referred']}]"
    assert [one["new"] for one in worked["pulls"]] == [1, 0]
    assert [one["failure"] for one in worked["pulls"]] == ["", ""]
    assert len(worked["fetched"]) == 1

    heard = ours.does("hear", "", "")
    assert [(one["new"], one["news"]) for one in heard["pulls"]] == [(0, 1), (0, 0)]
    assert heard["matters"] == 2  # what they fetched from us does not come back
    (_, where, sent), (_, there, told) = heard["events"]
    assert where == there == referred["referred"]
    assert sent == {"to": "邻市", "their_id": number}
    assert (told["status"], told["source"]) == ("closed", "邻市")
