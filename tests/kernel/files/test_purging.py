"""Uploads nobody attached are deleted after a while, with their files; all others stay."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as live
from django.utils import timezone

from linli.kernel.files import purging
from linli.kernel.files.models import Upload
from linli.kernel.files.purging import purge_unattached
from linli.kernel.files.storing import store_upload
from tests.pictures import picture


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def files() -> set[str]:
    root = Path(live.MEDIA_ROOT)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def upload(here, days_old: float = 0) -> Upload:
    one = store_upload(here.community, picture())
    one.created_at = timezone.now() - timedelta(days=days_old)
    one.save()
    return one


def test_it_works(here, django_capture_on_commit_callbacks) -> None:
    old, fresh, attached = upload(here, 8), upload(here, 1), upload(here, 8)
    here.report(pictures=[str(attached.uuid)])

    with django_capture_on_commit_callbacks(execute=True):
        assert purge_unattached(timezone.now() - timedelta(days=7)) == 1
    assert set(Upload.objects.all()) == {fresh, attached}
    kept = {path for one in (fresh, attached) for path in (one.path, one.thumbnail_path)}
    assert files() == kept
    assert old.path not in kept


def test_nothing_to_do_is_no_failure(here) -> None:
    assert purge_unattached(timezone.now()) == 0


def test_a_file_that_is_gone_already_is_no_failure(
    here, django_capture_on_commit_callbacks
) -> None:
    (Path(live.MEDIA_ROOT) / upload(here, 8).path).unlink()

    with django_capture_on_commit_callbacks(execute=True):
        assert purge_unattached(timezone.now()) == 1
    assert files() == set()


def test_many_are_deleted_in_portions(here, monkeypatch) -> None:
    monkeypatch.setattr(purging, "AT_A_TIME", 2)
    for _ in range(5):
        upload(here, 8)

    assert purge_unattached(timezone.now()) == 5
    assert not Upload.objects.exists()


def test_the_files_stay_when_the_rows_could_not_be_deleted(here, monkeypatch) -> None:
    upload(here, 8)

    def fails(*args, **kwargs):
        raise OSError("database gone")

    monkeypatch.setattr("django.db.models.query.QuerySet.delete", fails)
    with pytest.raises(OSError, match="database gone"):
        purge_unattached(timezone.now())
    assert len(files()) == 2
