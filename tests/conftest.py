"""What all tests share."""

from __future__ import annotations

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import TransactionTestCase


@pytest.fixture
def here(db: None):
    """A small neighbourhood."""
    from tests.copied_neighbourhood import copied_neighbourhood

    return copied_neighbourhood("dh", "DH")


@pytest.fixture
def elsewhere(db: None):
    """Another neighbourhood on the same installation."""
    from tests.copied_neighbourhood import copied_neighbourhood

    return copied_neighbourhood("xh", "XH")


@pytest.fixture(autouse=True)
def _fast_passwords(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """What one test counted (rates, figures) is nothing to the next."""
    from django.core.cache import cache

    cache.clear()


def _flush_despite_append_only(test: TransactionTestCase) -> None:
    """Empty the tables between tests, which the triggers of the events refuse to anyone."""
    off, on = _triggers_of_events()
    with connection.cursor() as cursor:
        for statement in off:
            cursor.execute(statement)
    try:
        _plain_teardown(test)
    finally:
        with connection.cursor() as cursor:
            for statement in on:
                cursor.execute(statement)


def _triggers_of_events() -> tuple[list[str], list[str]]:
    """Return the statements that take the triggers of the events away, and bring them back."""
    if connection.vendor != "sqlite":
        table = "ALTER TABLE events_event"
        return [f"{table} DISABLE TRIGGER USER"], [f"{table} ENABLE TRIGGER USER"]
    rows = connection.cursor().execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events_event'"
    )
    triggers = list(rows)
    return [f"DROP TRIGGER {name}" for name, _ in triggers], [made for _, made in triggers]


_plain_teardown = TransactionTestCase._fixture_teardown
TransactionTestCase._fixture_teardown = _flush_despite_append_only


@pytest.fixture
def unlimited(settings) -> None:
    """Nobody is held up for asking too often."""
    settings.RATE_LIMITS = {}


@pytest.fixture
def inside_the_transaction():
    """Requests must not close the connection, as they do where no test runs around them."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
