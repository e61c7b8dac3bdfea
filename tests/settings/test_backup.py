"""A backup holds everything, links what did not change, and comes back as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from linli.kernel.events.models import Event
from linli.kernel.matters.models import Matter
from tests.faults.server import database_url
from tests.neighbourhood import make_neighbourhood

ROOT = Path(__file__).resolve().parents[2]
COUNT = "SELECT count(*), max(number) FROM matters_matter"


def run(script: str, folder: Path, data: Path, url: str, **more: str) -> Any:
    """Run one of the scripts of deploy/."""
    programs = [str(path) for path in Path("/usr/lib/postgresql").glob("*/bin")]
    path = os.pathsep.join([*programs, str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "LINLI_DATA": str(data), "DATABASE_URL": url} | more
    return subprocess.run(
        ["sh", ROOT / "deploy" / script, folder],
        env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.fixture
def data(transactional_db: None, tmp_path: Path) -> Path:
    """A folder of data with an upload, beside a neighbourhood with matters."""
    here = make_neighbourhood()
    here.at_stage("closed")
    here.report()
    folder = tmp_path / "data"
    (folder / "uploads/dh/2026/11").mkdir(parents=True)
    (folder / "uploads/dh/2026/11/one.jpg").write_bytes(b"a picture")
    return folder


def backup(data: Path, folder: Path, **more: str) -> Path:
    done = run("backup.sh", folder, data, database_url(), **more)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip().splitlines()[-1])


def fresh_database(folder: Path) -> str:
    """Return the address of an empty database of the kind under test."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{folder / 'restored.sqlite3'}"
    with closing(psycopg.connect(database_url(), autocommit=True)) as there:
        there.execute("DROP DATABASE IF EXISTS restored")
        there.execute("CREATE DATABASE restored")
    return database_url().rpartition("/")[0] + "/restored"


def first_row(url: str, statement: str) -> tuple[Any, ...]:
    if url.startswith("sqlite"):
        import sqlite3

        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as there:
            return tuple(there.execute(statement).fetchone())
    with closing(psycopg.connect(url)) as there:
        return tuple(there.execute(statement).fetchone() or ())


def test_it_comes_back_as_it_was(data: Path, tmp_path: Path) -> None:
    made = backup(data, tmp_path / "backups")
    assert (data / "last-backup").is_file()
    url, place = fresh_database(tmp_path), tmp_path / "restored"
    done = run("restore.sh", made, place, url)
    assert done.returncode == 0, done.stderr
    newest = Matter.objects.order_by("-number").values_list("number", flat=True).first()
    assert first_row(url, COUNT) == (2, newest)
    assert first_row(url, "SELECT count(*) FROM events_event") == (Event.objects.count(),)
    assert (place / "uploads/dh/2026/11/one.jpg").read_bytes() == b"a picture"


def test_what_did_not_change_is_linked(data: Path, tmp_path: Path) -> None:
    first = backup(data, tmp_path / "backups")
    later = tmp_path / "backups" / "linli-20990101T000000Z"
    first.rename(later.with_name("linli-20000101T000000Z"))
    second = backup(data, tmp_path / "backups")
    picture = "uploads/dh/2026/11/one.jpg"
    older = tmp_path / "backups/linli-20000101T000000Z"
    assert (second / picture).samefile(older / picture)


def test_what_was_erased_is_not_in_the_next(data: Path, tmp_path: Path) -> None:
    backup(data, tmp_path / "backups").rename(tmp_path / "backups/linli-20000101T000000Z")
    (data / "uploads/dh/2026/11/one.jpg").unlink()
    second = backup(data, tmp_path / "backups")
    assert not (second / "uploads/dh/2026/11/one.jpg").exists()


def test_only_so_many_are_kept(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    for year in (2000, 2001, 2002):
        (folder / f"linli-{year}0101T000000Z").mkdir(parents=True)
    made = backup(data, folder, BACKUP_KEEP="2")
    assert sorted(path.name for path in folder.iterdir()) == ["linli-20020101T000000Z", made.name]


def test_nothing_is_written_over(data: Path, tmp_path: Path) -> None:
    made = backup(data, tmp_path / "backups")
    done = run("restore.sh", made, tmp_path / "restored", database_url())
    assert done.returncode == 1
    assert "already" in done.stderr
    done = run("restore.sh", made, data, fresh_database(tmp_path))
    assert done.returncode == 1
    assert "already" in done.stderr


def test_a_damaged_backup_is_refused(data: Path, tmp_path: Path) -> None:
    made = backup(data, tmp_path / "backups")
    (made / "uploads/dh/2026/11/one.jpg").write_bytes(b"another picture")
    done = run("restore.sh", made, tmp_path / "restored", fresh_database(tmp_path))
    assert done.returncode != 0
    assert not (tmp_path / "restored").exists()


def test_a_failed_backup_leaves_nothing(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    done = run("backup.sh", folder, data, "postgres://nobody@127.0.0.1:1/none")
    assert done.returncode != 0
    assert list(folder.iterdir()) == []
    assert not (data / "last-backup").exists()
