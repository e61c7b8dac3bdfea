"""Whether the process lives, and whether it is ready for work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max, Min
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

_known: set[tuple[str, str]] = (
    set()
)  # the migrations of this code; they do not change while it runs


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process lives; asks nothing of the database."""
    return JsonResponse({"ok": True})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the database answers and every migration is applied; 503 where not.

    How old the worker's oldest task is informs only: pages work without a worker.
    """
    try:
        waiting = migrations_waiting()
        worker = worker_at_work() if not waiting else None
    except DatabaseError:
        return JsonResponse({"ok": False, "database": False}, status=503)
    body = {"ok": not waiting, "database": True, "migrations_waiting": waiting, "worker": worker}
    return JsonResponse(body, status=503 if waiting else 200)


def migrations_waiting() -> int:
    """Return how many migrations of the code are not applied. Two small queries."""
    if not _known:
        _known.update(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    applied = set(MigrationRecorder(connection).applied_migrations())
    return len(_known - applied)


def worker_at_work() -> dict[str, Any]:
    """Return in seconds how long the oldest task waits, and ago the last one was finished."""
    now = timezone.now()
    due = DBTaskResult.objects.ready().aggregate(oldest=Min("enqueued_at"))
    done = DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL)
    last = done.aggregate(last=Max("finished_at"))
    return {
        "oldest_task_waits_seconds": _seconds(due["oldest"], now),
        "last_task_finished_seconds_ago": _seconds(last["last"], now),
    }


def _seconds(since: datetime | None, now: datetime) -> int | None:
    return None if since is None else max(0, int((now - since).total_seconds()))
