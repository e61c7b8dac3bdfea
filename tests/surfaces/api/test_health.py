"""Health, readiness, figures."""

from __future__ import annotations

import pytest
from django.db import DatabaseError


@pytest.mark.django_db
def test_it_lives_and_is_ready(client) -> None:
    assert client.get("/healthz").json() == {"ok": True}
    assert client.get("/readyz").json() == {
        "ok": True, "database": True, "migrations_waiting": 0,
    }  # fmt: skip


@pytest.mark.django_db
def test_without_its_database_it_is_not_ready(client, monkeypatch) -> None:
    def fail(*_):
        raise DatabaseError

    monkeypatch.setattr("linli.surfaces.api.health.MigrationExecutor", fail)

    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_figures_name_open_matters_by_stage(here, client) -> None:
    here.at_stage("in_hand")

    text = client.get("/metrics").content.decode()

    assert 'linli_matters_open{community="dh",stage="in_hand"} 1.0' in text
    assert "linli_requests_total" in text


def test_figures_are_not_for_everyone(here, client, settings) -> None:
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
    settings.METRICS_TOKEN = "secret"
    assert client.get("/metrics").status_code == 404
    allowed = client.get("/metrics", headers={"Authorization": "Bearer secret"})
    assert allowed.status_code == 200
