"""The role of analysts on PostgreSQL may read the views, and is refused everything else."""

from __future__ import annotations

import io
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from linli.surfaces.sql.granting import GrantRefused, grant
from linli.surfaces.sql.installing import after_migrations, before_migrations
from linli.surfaces.sql.views import VIEWS

on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite knows no roles"
)
ROLE = "analyst_of_tests"


@pytest.fixture
def password(transactional_db):
    """The password of the role; role and views are gone afterwards."""
    from tests.neighbourhood import make_neighbourhood

    make_neighbourhood().report()
    call_command("views", "install", stdout=io.StringIO())
    out = io.StringIO()
    call_command("views", "grant", ROLE, stdout=out, stderr=io.StringIO())
    yield out.getvalue().strip()
    call_command("views", "revoke", ROLE, stdout=io.StringIO())
    call_command("views", "remove", stdout=io.StringIO())


@contextmanager
def signed_in(password: str):
    import psycopg

    settings = connection.get_connection_params()
    with psycopg.connect(
        host=settings.get("host"), port=settings.get("port"), dbname=settings["dbname"],
        user=ROLE, password=password, autocommit=True,
    ) as one:  # fmt: skip
        yield one


@on_postgresql
def test_it_works_and_reads_every_view(password) -> None:
    with signed_in(password) as one:
        for view in VIEWS:
            one.execute(f"SELECT * FROM {view.name} LIMIT 1")
        found = one.execute("SELECT COUNT(*) FROM requests").fetchone()
        timeout = one.execute("SHOW statement_timeout").fetchone()

    assert found == (1,)
    assert timeout == ("1min",)


@on_postgresql
def test_everything_else_is_refused(password) -> None:
    import psycopg

    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
    assert "matters_matter" in tables
    refused = [f'SELECT * FROM public."{name}" LIMIT 1' for name in tables] + [
        "SELECT * FROM analysts.grid_of_area",
        "SET default_transaction_read_only = off; DELETE FROM analysts.requests",
        "SET default_transaction_read_only = off; CREATE TABLE public.mine (one integer)",
        "SET default_transaction_read_only = off; CREATE VIEW analysts.mine AS SELECT 1",
        "SET ROLE linli",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT * FROM pg_authid",
        "ALTER ROLE current_user SUPERUSER",
    ]
    with signed_in(password) as one:
        for statement in refused:
            with pytest.raises(psycopg.Error):
                one.execute(statement)


@on_postgresql
def test_a_function_of_ones_own_does_not_look_behind_a_view(password) -> None:
    """security_barrier: a cheap function in WHERE sees no row that the view leaves out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class c JOIN pg_namespace n"
                       " ON n.oid = c.relnamespace WHERE nspname = 'analysts'")  # fmt: skip
        options = [row[0] for row in cursor.fetchall()]

    assert options
    assert all(one == ["security_barrier=true"] or one == ["security_barrier"] for one in options)


@on_postgresql
def test_it_can_read_again_after_views_were_made_anew(password) -> None:
    call_command("views", "install", stdout=io.StringIO())
    before_migrations(using="default")
    after_migrations(using="default")

    with signed_in(password) as one:
        assert one.execute("SELECT COUNT(*) FROM requests").fetchone() == (1,)


@on_postgresql
@pytest.mark.parametrize("name", ["", "a", "Linli", "x; DROP", 'a"b', "a" * 40, "linli"])
def test_a_name_that_will_not_do(db, name) -> None:
    call_command("views", "install", stdout=io.StringIO())

    with pytest.raises(GrantRefused):
        grant(name)


@on_postgresql
def test_no_role_before_there_are_views(db) -> None:
    with pytest.raises(GrantRefused):
        grant("analyst_too_early")


def test_sqlite_says_that_it_knows_no_roles(db) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL knows roles")
    for action in ("grant", "revoke"):
        with pytest.raises(CommandError, match="SQLite"):
            call_command("views", action, "analyst", stdout=io.StringIO())
