"""Taking files away for good: the row at once, the bytes when that is settled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from linli.kernel.files.models import Upload

if TYPE_CHECKING:
    from collections.abc import Iterable


def remove_uploads(uploads: Iterable[Upload]) -> int:
    """Delete uploads nothing refers to any more; their files go once the transaction commits."""
    rows = list(uploads)
    paths = [path for row in rows for path in (row.path, row.thumbnail_path) if path]
    Upload.objects.filter(pk__in=[row.pk for row in rows]).delete()
    transaction.on_commit(lambda: _unlink(paths))
    return len(rows)


def _unlink(paths: list[str]) -> None:
    for path in paths:
        (Path(settings.MEDIA_ROOT) / path).unlink(missing_ok=True)
