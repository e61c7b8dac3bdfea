"""Making the views, taking them away, and saying whether they are as they should be."""

from __future__ import annotations

import hashlib
import logging
import re
from typing import Any

from django.db import DatabaseError, connection, transaction

from linli.surfaces.sql.constants import constants_now
from linli.surfaces.sql.dialects import SCHEMA, Dialect
from linli.surfaces.sql.granting import grant_again, readers
from linli.surfaces.sql.views import GRID_OF_AREA, VIEWS

log = logging.getLogger(__name__)
ALL = (GRID_OF_AREA, *VIEWS)
_put_away: set[str] = set()  # databases whose views are away while migrations run


def definitions() -> dict[str, str]:
    """Return the statement that makes each view, by name, as it should be now."""
    dialect, constants = Dialect(connection.vendor), constants_now()
    barrier = " WITH (security_barrier)" if connection.vendor == "postgresql" else ""
    found = {}
    for view in ALL:
        columns = ", ".join(f'"{name}"' for name, _told in view.columns)
        read = " ".join(view.read(dialect, constants).split())
        found[view.name] = f"CREATE VIEW {dialect.view(view.name)} ({columns}){barrier} AS {read}"
    return found


def install() -> None:
    """Make all views anew; who could read them can again. One transaction."""
    wanted, dialect = definitions(), Dialect(connection.vendor)
    with transaction.atomic(), connection.cursor() as cursor:
        granted = readers(cursor)
        if connection.vendor == "postgresql":
            cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{SCHEMA}"')
            cursor.execute(f'REVOKE ALL ON SCHEMA "{SCHEMA}" FROM PUBLIC')
        _drop(cursor)
        for name, statement in wanted.items():
            mark = _mark(statement)
            if connection.vendor == "postgresql":
                cursor.execute(statement)
                cursor.execute(f"COMMENT ON VIEW {dialect.view(name)} IS '{mark}'")
            else:
                cursor.execute(statement.replace(") AS ", f") AS /* {mark} */ ", 1))
        grant_again(cursor, granted)


def remove() -> None:
    """Take all views away; on PostgreSQL the schema with them, so that no grant is left."""
    with transaction.atomic(), connection.cursor() as cursor:
        _drop(cursor)
        if connection.vendor == "postgresql":
            cursor.execute(f'DROP SCHEMA IF EXISTS "{SCHEMA}"')


def installed() -> dict[str, str]:
    """Return the mark of each view that is there, by name."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT c.relname, COALESCE(obj_description(c.oid, 'pg_class'), '') FROM pg_class c"
                " JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE n.nspname = %s AND c.relkind = 'v'",
                [SCHEMA],
            )
            return dict(cursor.fetchall())
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'view' AND name LIKE %s ESCAPE '!'",
            [f"{SCHEMA}!_%"],
        )
        return {name.removeprefix(f"{SCHEMA}_"): _marked(sql) for name, sql in cursor.fetchall()}


def wrong() -> dict[str, str]:
    """Return the views that are "missing", "outdated" or "unknown", by name."""
    wanted, there = definitions(), installed()
    found = {name: "unknown" for name in there if name not in wanted}
    for name, statement in wanted.items():
        if name not in there:
            found[name] = "missing"
        elif there[name] != _mark(statement):
            found[name] = "outdated"
    return found


def before_migrations(using: str, **_more: Any) -> None:
    """Put the views away, where there are any: a table they read may change."""
    if using == connection.alias and installed():
        _put_away.add(using)
        with connection.cursor() as cursor:
            _drop(cursor)


def after_migrations(using: str, **_more: Any) -> None:
    """Make the views anew that were put away; the schema remembers who may read them."""
    if using not in _put_away:
        return
    _put_away.discard(using)
    try:
        install()
    except DatabaseError:  # migrated back to where a table or column is not there
        log.exception("the views for analysts are gone; run “linli views install” later")


def _drop(cursor: Any) -> None:
    dialect = Dialect(connection.vendor)
    names = [name for name in installed() if name != GRID_OF_AREA.name]
    for name in (*names, GRID_OF_AREA.name):
        cursor.execute(f"DROP VIEW IF EXISTS {dialect.view(name)}")


def _mark(statement: str) -> str:
    return f"linli {hashlib.sha256(statement.encode()).hexdigest()[:16]}"


def _marked(sql: str) -> str:
    found = re.search(r"/\* (linli \w+) \*/", sql)
    return found.group(1) if found else ""
