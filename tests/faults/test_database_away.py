"""The database is locked by others, or gone: people are told to come back, and nothing is half done."""

from __future__ import annotations

import sqlite3

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client

from linli.kernel.access.tokens import issue
from linli.kernel.matters.models import Matter
from linli.kernel.outage import is_database_away
from linli.surfaces.api import matters as api_matters
from tests.neighbourhood import make_neighbourhood


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def locked(transactional_db):
    """Somebody else writes to SQLite for longer than a request waits."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows, not the database")
    here = make_neighbourhood()
    token = issue(here.dispatcher, here.community, "all", None)
    connection.cursor().execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield here, token
    other.execute("ROLLBACK")
    other.close()
    connection.close()


def test_a_resident_is_told_to_send_it_again(locked, client) -> None:
    here, _token = locked
    answer = client.post(f"/report/?c={here.community.code}", {"text": "路灯坏了。"})

    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "没有保存" in answer.content.decode()
    assert Matter.objects.count() == 0


def test_a_client_is_told_when_to_come_back(locked, client) -> None:
    _here, token = locked
    answer = client.post(
        "/api/v1/matters",
        {"procedure": "casework", "start": "report", "facts": {"text": "路灯坏了。"}},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["type"] == "/problems/busy"
    assert Matter.objects.count() == 0


def test_reading_goes_on_meanwhile(locked, client) -> None:
    assert client.get("/board/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_connection_that_is_lost(here, client, monkeypatch, error) -> None:
    def lost(*_args, **_named):
        raise error("server closed the connection unexpectedly")

    monkeypatch.setattr(api_matters, "visible_to", lost)
    token = issue(here.dispatcher, here.community, "all", None)
    answer = client.get("/api/v1/matters", headers={"Authorization": f"Bearer {token}"})

    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/busy")


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OperationalError("database is locked"), True),
        (InterfaceError("connection already closed"), True),
        (OperationalError("no such table: matters_matter"), False),
        (ProgrammingError("relation does not exist"), False),
        (ValueError("locked"), False),
        (None, False),
    ],
)
def test_which_errors_say_so(error, away) -> None:
    assert is_database_away(error) is away
