"""Collecting style sheets, scripts and pictures when, and only when, some of them changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

STAMP = ".collected"


def collect_if_stale() -> bool:
    """Collect the static files unless none changed since last time; return whether it did."""
    stamp, state = Path(settings.STATIC_ROOT) / STAMP, _state()
    if stamp.is_file() and stamp.read_text() == state:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(state)
    return True


def _state() -> str:
    total = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            known, prefix = Path(storage.path(name)).stat(), getattr(storage, "prefix", "")
            total.update(f"{prefix}/{name} {known.st_size} {known.st_mtime_ns}\n".encode())
    return total.hexdigest()
