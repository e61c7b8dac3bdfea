"""A role of PostgreSQL that may read the views and nothing else."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from linli.surfaces.sql.dialects import SCHEMA

NAME = re.compile(r"^[a-z][a-z0-9_]{2,30}$")
STATEMENT_TIMEOUT = 60_000  # milliseconds
MOST_CONNECTIONS = 5
# What a session of the role begins with. It may shorten or lengthen its own timeout: see the docs.
SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": str(STATEMENT_TIMEOUT),
    "idle_in_transaction_session_timeout": str(STATEMENT_TIMEOUT),
    "search_path": SCHEMA,
}


class GrantRefused(ValueError):
    """The role cannot be made; its text is a plain sentence."""


def grant(name: str) -> str:
    """Make a role that may sign in and read the views; return its password, shown this once.

    A role that is there and may read the views gets a new password. Raises GrantRefused.
    """
    if connection.vendor != "postgresql":
        raise GrantRefused(_("SQLite knows no roles: give analysts a copy of the file with views."))
    if not NAME.fullmatch(name):
        raise GrantRefused(_("A role is named by 3 to 31 small letters, digits and underscores."))
    password = secrets.token_urlsafe(24)
    with transaction.atomic(), connection.cursor() as cursor:
        known = _exists(cursor, name)
        if known and name not in readers(cursor):
            raise GrantRefused(_("There is a role of this name that is none of ours."))
        if not _views_there(cursor):
            raise GrantRefused(_("There are no views yet; run “linli views install” first."))
        verb = "ALTER" if known else "CREATE"
        cursor.execute(
            f'{verb} ROLE "{name}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION'
            f" NOBYPASSRLS CONNECTION LIMIT {MOST_CONNECTIONS} PASSWORD '{password}'"
        )
        for setting, value in SETTINGS.items():
            cursor.execute(f"ALTER ROLE \"{name}\" SET {setting} = '{value}'")
        grant_again(cursor, [name])
    return password


def revoke(name: str) -> None:
    """Take the role away with all it could. Raises GrantRefused."""
    if connection.vendor != "postgresql":
        raise GrantRefused(_("SQLite knows no roles: give analysts a copy of the file with views."))
    with transaction.atomic(), connection.cursor() as cursor:
        if not NAME.fullmatch(name) or name not in readers(cursor):
            raise GrantRefused(_("No role of this name may read the views."))
        cursor.execute(f'DROP OWNED BY "{name}"')
        cursor.execute(f'DROP ROLE "{name}"')


def readers(cursor: Any) -> list[str]:
    """Return the roles that may use the schema of the views, without its owner."""
    if connection.vendor != "postgresql":
        return []
    cursor.execute(
        "SELECT r.rolname FROM pg_namespace n, aclexplode(n.nspacl) a"
        " JOIN pg_roles r ON r.oid = a.grantee"
        " WHERE n.nspname = %s AND a.privilege_type = 'USAGE' AND a.grantee <> n.nspowner"
        " ORDER BY r.rolname",
        [SCHEMA],
    )
    return [name for (name,) in cursor.fetchall()]


def grant_again(cursor: Any, names: list[str]) -> None:
    """Let roles read every view that is for analysts."""
    from linli.surfaces.sql.views import VIEWS

    listed = ", ".join(f'"{SCHEMA}"."{view.name}"' for view in VIEWS)
    for name in names:
        cursor.execute(f'GRANT USAGE ON SCHEMA "{SCHEMA}" TO "{name}"')
        cursor.execute(f'GRANT SELECT ON {listed} TO "{name}"')


def _exists(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    return cursor.fetchone() is not None


def _views_there(cursor: Any) -> bool:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{SCHEMA}.requests"])
    return bool(cursor.fetchone()[0])
