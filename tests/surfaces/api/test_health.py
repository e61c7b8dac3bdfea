"""Alive, ready, and the figures."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from linli.kernel.matters.models import Matter
from linli.kernel.notify.models import Notice
from tests.surfaces.api.conftest import REPORT


def test_it_lives_without_asking_the_database(client) -> None:
    assert client.get("/healthz").json() == {"ok": True}


@pytest.mark.django_db
def test_it_is_ready(client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "ok": True,
        "database": True,
        "migrations_waiting": 0,
        "worker": {"oldest_task_waits_seconds": None, "last_task_finished_seconds_ago": None},
    }


@pytest.mark.django_db
def test_with_a_migration_missing_it_is_not_ready(client) -> None:
    MigrationRecorder(connection).record_unapplied("matters", "0001_initial")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["migrations_waiting"] == 1


@pytest.mark.django_db
def test_without_its_database_it_is_not_ready(client, monkeypatch) -> None:
    def fail(*_):
        raise DatabaseError("gone, with its password")

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", fail)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"ok": False, "database": False}
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_it_says_how_long_tasks_wait(client) -> None:
    task = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}}, task_path="x.y", backend_name="default",
        run_after=timezone.now(),
    )  # fmt: skip
    long_ago = timezone.now() - timezone.timedelta(minutes=5)
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=long_ago)

    worker = client.get("/readyz").json()["worker"]

    assert 299 <= worker["oldest_task_waits_seconds"] <= 310
    assert "linli_tasks_waiting 1.0" in client.get("/metrics").content.decode()


def test_figures_tell_what_is_open_overdue_and_waiting(here, elsewhere, client) -> None:
    late = here.at_stage("in_hand")
    here.at_stage("closed")
    elsewhere.at_stage("received")
    Matter.objects.filter(pk=late.pk).update(due_at=timezone.now() - timezone.timedelta(hours=1))
    dead = Notice.objects.first()
    Notice.objects.filter(pk=dead.pk).update(state=Notice.State.DEAD)

    text = client.get("/metrics").content.decode()

    assert 'linli_matters_open{community="dh",stage="in_hand"} 1.0' in text
    assert 'linli_matters_open{community="xh",stage="received"} 1.0' in text
    assert 'stage="closed"' not in text
    assert 'linli_matters_overdue{community="dh"} 1.0' in text
    waiting = Notice.objects.filter(state=Notice.State.WAITING).count()
    assert 0 < waiting < Notice.objects.count()
    assert f"linli_notices_waiting {waiting}.0" in text
    assert "linli_notices_dead 1.0" in text


def test_requests_are_counted_by_route_and_never_by_address(here, calls, client) -> None:
    caller = calls("resident")
    number = caller.post("/matters", REPORT).json()["number"]
    caller.get(f"/matters/{number}")
    caller.client.generic("BREW", "/nowhere-at-all")

    text = client.get("/metrics").content.decode()

    assert 'linli_requests_total{method="POST",route="api/v1/matters",status="201"}' in text
    assert 'route="api/v1/matters/<number>"' in text
    assert 'linli_requests_total{method="other",route="none",status="404"}' in text
    assert "linli_request_seconds_bucket" in text
    assert number not in text
    assert "nowhere" not in text


@pytest.mark.django_db
def test_figures_are_not_for_everyone(client, settings) -> None:
    def status(address: str = "127.0.0.1", **headers: str) -> int:
        return client.get("/metrics", REMOTE_ADDR=address, headers=headers).status_code

    assert status() == status("::1") == 200
    assert status("192.0.2.7") == status("") == 404
    assert status(**{"X-Forwarded-For": "192.0.2.7"}) == 404
    assert status(**{"Forwarded": "for=192.0.2.7"}) == 404
    assert status("192.0.2.7", Authorization="Bearer ") == 404

    settings.METRICS_TOKEN = "a-long-secret"

    assert status("192.0.2.7", Authorization="Bearer a-long-secret") == 200
    assert status("192.0.2.7", Authorization="Bearer another") == 404
    assert status("192.0.2.7", Authorization="Bearer ü") == 404


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.django_db
def test_they_are_only_read(client, path) -> None:
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200
