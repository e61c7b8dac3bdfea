"""What is removed after a while, and what stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from linli.kernel.background.purging import purge, revive_tasks
from linli.kernel.files.models import Upload
from linli.kernel.matters.models import Attachment
from linli.kernel.notify.models import Notice
from linli.kernel.procedures.models import Performed
from linli.kernel.procedures.performing import begin

pytestmark = pytest.mark.django_db


def ago(**span):
    return timezone.now() - timedelta(**span)


def upload(here, created_at):
    one = Upload.objects.create(
        community=here.community, kind="image", content_type="image/png", name="x.png",
        sha256="0" * 64, size=1, path=f"dh/{created_at.timestamp()}.png", created_at=created_at,
    )  # fmt: skip
    return one


@pytest.fixture(autouse=True)
def _files_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_it_works_on_nothing(here) -> None:
    assert purge() == 0


def test_sessions_that_ran_out(here) -> None:
    Session.objects.create(session_key="old", session_data="", expire_date=ago(days=1))
    Session.objects.create(
        session_key="new", session_data="", expire_date=timezone.now() + timedelta(days=1)
    )
    purge()

    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_keys_used_more_than_thirty_days_ago(here) -> None:
    for key in ("old-key", "new-key"):
        begin(
            "casework", "report", community=here.community, by=here.resident,
            facts={"text": "灯坏了"}, key=key,
        )  # fmt: skip
    Performed.objects.filter(key="old-key").update(at=ago(days=31))
    purge()

    assert list(Performed.objects.values_list("key", flat=True)) == ["new-key"]


def test_uploads_never_sent_along_with_their_files(here, settings) -> None:
    old, new, attached = (upload(here, ago(days=day)) for day in (3, 1, 4))
    Attachment.objects.create(matter=here.report().matter, upload=attached)
    for one in (old, new, attached):
        path = Path(settings.MEDIA_ROOT) / one.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    purge()

    assert set(Upload.objects.all()) == {new, attached}
    assert not (Path(settings.MEDIA_ROOT) / old.path).exists()
    assert (Path(settings.MEDIA_ROOT) / attached.path).exists()


def test_an_upload_whose_file_is_gone_already(here) -> None:
    upload(here, ago(days=3))

    assert purge() == 1


def test_notices_read_more_than_a_year_ago(here) -> None:
    here.at_stage("dispatched")
    inbox = Notice.objects.filter(person=here.resident, channel="site")
    read, unread = (
        inbox.first(),
        Notice.objects.filter(person=here.dispatcher, channel="site").first(),
    )
    Notice.objects.filter(pk=read.pk).update(read_at=ago(days=366))
    Notice.objects.filter(pk=unread.pk).update(created_at=ago(days=800))
    purge()

    assert not Notice.objects.filter(pk=read.pk).exists()
    assert Notice.objects.filter(pk=unread.pk).exists()


def test_what_was_sent_long_ago_but_not_what_was_given_up(here) -> None:
    here.report(by=here.resident)
    mail = Notice.objects.filter(channel="email")
    mail.update(state="skipped", created_at=ago(days=91))
    pushes = Notice.objects.filter(channel="push")
    pushes.update(state="dead", created_at=ago(days=91))
    purge()

    assert not mail.exists()
    assert pushes.exists()


def test_a_task_whose_worker_was_killed_runs_again(here) -> None:
    def task(started_at):
        return DBTaskResult.objects.create(
            status=TaskResultStatus.RUNNING, started_at=started_at, task_path="x.y", priority=0,
            args_kwargs={"args": [], "kwargs": {}}, queue_name="default", backend_name="default",
            run_after=ago(days=1), exception_class_path="", traceback="",
        )  # fmt: skip

    lost, running = task(ago(hours=2)), task(ago(minutes=1))

    assert revive_tasks() == 1
    lost.refresh_from_db()
    running.refresh_from_db()
    assert (lost.status, running.status) == (TaskResultStatus.READY, TaskResultStatus.RUNNING)
