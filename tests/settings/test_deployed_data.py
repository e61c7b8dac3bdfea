"""What `linli check --deploy` learns from the database and the disk."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from linli.kernel.people.guests import new_guest
from linli.kernel.people.models import Contact
from linli.settings import deployed_data
from linli.settings.deployed_data import (
    BACKUP_STAMP,
    check_backup,
    check_database,
    check_master_key,
    check_migrations,
    check_static_files,
    check_worker,
)
from linli.surfaces.api import health


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages]


@pytest.mark.django_db
def test_the_database_is_judged_by_what_it_is() -> None:
    wanted = [] if connection.vendor == "postgresql" else ["linli.E020"]
    assert ids(check_database()) == wanted


@pytest.mark.parametrize("version, wanted", [(14_00_12, ["linli.E022"]), (15_00_00, [])])
def test_an_old_postgres_is_refused(
    monkeypatch: pytest.MonkeyPatch, version: int, wanted: list[str]
) -> None:
    monkeypatch.setattr(connection, "vendor", "postgresql")
    monkeypatch.setattr(deployed_data, "postgres_version", lambda: version)
    assert ids(check_database()) == wanted


def test_a_database_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise DatabaseError("connection refused\nmore")

    monkeypatch.setattr(connection, "vendor", "postgresql")
    monkeypatch.setattr(deployed_data, "postgres_version", refuse)
    (message,) = check_database()
    assert message.id == "linli.E021"
    assert "connection refused" in message.msg


@pytest.mark.django_db
def test_waiting_migrations_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ids(check_migrations()) == []
    monkeypatch.setattr(health, "_known", {("matters", "9999_not_there_yet")})
    (message,) = check_migrations()
    assert message.id == "linli.E023"
    assert message.msg.startswith("1 ")


@pytest.mark.django_db
def test_a_changed_master_key_is_noticed(settings: Any) -> None:
    assert ids(check_master_key()) == []
    new_guest({Contact.Kind.PHONE: "13800005678"})
    assert ids(check_master_key()) == []
    settings.MASTER_KEY = "another"
    assert ids(check_master_key()) == ["linli.E024"]


@pytest.mark.django_db
@pytest.mark.parametrize("minutes, wanted", [(1, []), (20, ["linli.W025"])])
def test_a_worker_that_is_not_there_is_noticed(minutes: int, wanted: list[str]) -> None:
    assert ids(check_worker()) == []
    task = DBTaskResult.objects.create(
        status=TaskResultStatus.READY, task_path="linli.test", args_kwargs={"args": [], "kwargs": {}},
        backend_name="default", queue_name="default", priority=0,
    )  # fmt: skip
    DBTaskResult.objects.filter(pk=task.pk).update(
        enqueued_at=timezone.now() - timedelta(minutes=minutes)
    )
    assert ids(check_worker()) == wanted


def test_style_sheets_must_be_collected(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    assert ids(check_static_files()) == ["linli.E026"]
    (tmp_path / "staticfiles.json").write_text("{}")
    assert ids(check_static_files()) == []


def test_a_backup_must_be_of_the_last_day(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    assert ids(check_backup()) == ["linli.W027"]
    (tmp_path / BACKUP_STAMP).touch()
    assert ids(check_backup()) == []
    old = time.time() - 2 * 24 * 3600
    os.utime(tmp_path / BACKUP_STAMP, (old, old))
    (message,) = check_backup()
    assert message.id == "linli.W027"
    assert "48 hours" in message.msg
