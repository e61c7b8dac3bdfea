"""What production lacks, as only the database and the disk can tell.

These ask the database, so they run with ``linli check --deploy`` alone, never at a start.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import DatabaseError, connection

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Found = list[CheckMessage]
OLDEST_POSTGRES = 15_00_00  # as PostgreSQL numbers itself: major × 10,000
LONGEST_WAIT = 15 * 60  # seconds a background task may be due before the worker counts as absent
OLDEST_BACKUP = 26 * 60 * 60  # seconds: a day, and time for the backup itself
BACKUP_STAMP = "last-backup"  # touched by deploy/backup.sh in LINLI_DATA


def check_database(**_: Any) -> Found:
    """PostgreSQL 15 or newer answers."""
    if connection.vendor != "postgresql":
        return [
            Error(
                "The database is SQLite, which one machine and one writer at a time can use.",
                hint="Set DATABASE_URL, for example postgres://linli:…@127.0.0.1:6432/linli.",
                id="linli.E020",
            )
        ]
    try:
        version = postgres_version()
    except DatabaseError as error:
        return [
            Error(
                f"The database does not answer: {str(error).splitlines()[0]}",
                hint="Check DATABASE_URL, and that PostgreSQL and PgBouncer run.",
                id="linli.E021",
            )
        ]
    if version < OLDEST_POSTGRES:
        return [
            Error(
                f"PostgreSQL {version // 10_000} is too old; 15 is the oldest that works.",
                hint="Upgrade PostgreSQL, or point DATABASE_URL at a newer one.",
                id="linli.E022",
            )
        ]
    return []


def postgres_version() -> int:
    """Return the version of the server as it numbers itself: 160004 is 16.4."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0])


def check_migrations(**_: Any) -> Found:
    """The tables are those of this version."""
    from linli.surfaces.api.health import migrations_waiting

    try:
        waiting = migrations_waiting()
    except DatabaseError:
        return []  # said by `check_database`
    if not waiting:
        return []
    return [
        Error(
            f"{waiting} changes of the tables wait to be made.",
            hint="Run linli migrate.",
            id="linli.E023",
        )
    ]


def check_master_key(**_: Any) -> Found:
    """The master key opens the keys of the people there are."""
    from linli.kernel.people.models import PersonKey
    from linli.kernel.people.secrets import opens

    try:
        key = PersonKey.objects.first()
        right = key is None or opens(key)
    except DatabaseError:
        return []
    if right:
        return []
    return [
        Error(
            "The master key is another than the one personal data was encrypted with: names and "
            "telephone numbers cannot be read, and every secret link is refused.",
            hint="Set LINLI_MASTER_KEY to the key kept with your backups.",
            id="linli.E024",
        )
    ]


def check_worker(**_: Any) -> Found:
    """Somebody does the background work."""
    from linli.surfaces.api.health import worker_at_work

    try:
        waits = worker_at_work()["oldest_task_waits_seconds"]
    except DatabaseError:
        return []
    if waits is None or waits <= LONGEST_WAIT:
        return []
    return [
        Warning(
            f"A background task has waited for {waits // 60} minutes: notices and deadlines "
            "stand still.",
            hint="Start linli worker.",
            id="linli.W025",
        )
    ]


def check_static_files(**_: Any) -> Found:
    """Style sheets and scripts lie where they are served from."""
    if (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        return []
    return [
        Error(
            "Style sheets and scripts were not collected: pages would come bare.",
            hint="Run linli collectstatic --noinput, as the user that serves.",
            id="linli.E026",
        )
    ]


def check_backup(**_: Any) -> Found:
    """A backup was made within the last day."""
    stamp = Path(settings.DATA) / BACKUP_STAMP
    try:
        age = time.time() - stamp.stat().st_mtime
    except FileNotFoundError:
        problem = "No backup was ever made."
    else:
        if age <= OLDEST_BACKUP:
            return []
        problem = f"The last backup is {int(age // 3600)} hours old."
    return [
        Warning(
            problem,
            hint="Run deploy/backup.sh every night; where something else backs up, let it touch "
            f"the file {BACKUP_STAMP} in LINLI_DATA.",
            id="linli.W027",
        )
    ]


CHECKS: Sequence[Callable[..., Found]] = (
    check_database, check_migrations, check_master_key, check_worker, check_static_files,
    check_backup,
)  # fmt: skip
