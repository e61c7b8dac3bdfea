"""Removing what is no longer needed, a limited number of rows at a time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from linli.kernel.files.models import Upload
from linli.kernel.notify.models import Channel, Notice
from linli.kernel.procedures.models import Performed

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

BATCH = 1000
KEYS_KEPT = timedelta(days=30)
UPLOADS_WAIT = timedelta(days=2)  # a form is open for hours, not for days
READ_NOTICES_KEPT = timedelta(days=365)
SENT_NOTICES_KEPT = timedelta(days=90)
TASKS_KEPT = timedelta(days=30)
LONGEST_TASK = timedelta(hours=1)


def purge(now: datetime | None = None) -> int:
    """Remove what is no longer needed; return how many rows went. Safe in several workers."""
    now = now or timezone.now()
    finished = (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)
    sent = (Notice.State.DELIVERED, Notice.State.SKIPPED)
    old: list[QuerySet[Any]] = [
        Session.objects.filter(expire_date__lt=now),
        Performed.objects.filter(at__lt=now - KEYS_KEPT),
        Notice.objects.filter(channel=Channel.SITE, read_at__lt=now - READ_NOTICES_KEPT),
        Notice.objects.filter(state__in=sent, created_at__lt=now - SENT_NOTICES_KEPT).exclude(
            channel=Channel.SITE
        ),
        DBTaskResult.objects.filter(status__in=finished, finished_at__lt=now - TASKS_KEPT),
    ]
    return sum(_remove(rows) for rows in old) + _remove_uploads(now)


def _remove(rows: QuerySet[Any]) -> int:
    keys = list(rows.values_list("pk", flat=True)[:BATCH])
    return int(rows.model._default_manager.filter(pk__in=keys).delete()[0]) if keys else 0


def _remove_uploads(now: datetime) -> int:
    """Remove uploads that no form ever sent along, first the row, then the file.

    A file whose row is gone harms nobody; a row whose file is gone would.
    """
    removed = 0
    never_sent = Upload.objects.filter(created_at__lt=now - UPLOADS_WAIT, attachment__isnull=True)
    for key in list(never_sent.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            upload = (
                never_sent.select_for_update(skip_locked=True, of=("self",)).filter(pk=key).first()
            )
            if upload is None:
                continue
            paths = [path for path in (upload.path, upload.thumbnail_path) if path]
            shared = Upload.objects.filter(path=upload.path).exclude(pk=key).exists()
            upload.delete()
        if not shared:
            for path in paths:
                (Path(settings.MEDIA_ROOT) / path).unlink(missing_ok=True)
        removed += 1
    return removed


def revive_tasks(now: datetime | None = None) -> int:
    """Let tasks run again whose worker was killed; return how many.

    The library marks a task as running and never looks back.
    """
    lost = DBTaskResult.objects.filter(
        status=TaskResultStatus.RUNNING, started_at__lt=(now or timezone.now()) - LONGEST_TASK
    )
    return lost.update(status=TaskResultStatus.READY, started_at=None)
