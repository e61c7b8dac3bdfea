"""Deleting uploads nobody attached: a form left open, a picture taken back before sending."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from linli.kernel.files.models import Upload
from linli.kernel.matters.models import Attachment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

AT_A_TIME = 200


def purge_unattached(before: datetime) -> int:
    """Delete uploads stored before a moment and attached to nothing, with their files.

    Returns how many. Leave people time to finish a form: a day at least. In portions, so that
    nobody waits long for a lock; what is being attached meanwhile is left alone.
    """
    purged = 0
    while found := _purge_some(before):
        purged += found
    return purged


def _purge_some(before: datetime) -> int:
    attached = Attachment.objects.values("upload_id")
    with transaction.atomic():
        rows = Upload.objects.filter(created_at__lt=before).exclude(pk__in=attached)
        locked = list(rows.select_for_update(skip_locked=_can_skip()).order_by("pk")[:AT_A_TIME])
        # Looked at again under the lock: one may have been attached while it was waited for.
        taken = set(attached.filter(upload__in=locked).values_list("upload_id", flat=True))
        loose = [upload for upload in locked if upload.pk not in taken]
        Upload.objects.filter(pk__in=[upload.pk for upload in loose]).delete()
        paths = [path for upload in loose for path in (upload.path, upload.thumbnail_path) if path]
        transaction.on_commit(partial(delete_files, paths))
    return len(loose)


def _can_skip() -> bool:
    return transaction.get_connection().features.has_select_for_update_skip_locked


def delete_files(paths: Iterable[str]) -> None:
    """Delete files below the uploads; one that is gone already is no failure."""
    for path in paths:
        (Path(settings.MEDIA_ROOT) / path).unlink(missing_ok=True)
