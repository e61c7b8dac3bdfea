"""Rows of several tables, written together: in one round trip where the database can.

`perform` writes a dozen rows of ten tables for one action. Each `save` of Django builds its
statement anew and waits for the answer; here a statement is built once for each model, and
PostgreSQL gets all of them at once. SQLite, which has no way to go, gets one after another.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Field, Model


@dataclass(frozen=True)
class _Statement:
    """``head`` and as many ``row``s as there are values, then ``tail``."""

    head: str
    row: str
    tail: str
    values: list[list[Any]]


class Writing:
    """Statements in the order they were added; nothing reaches the database before `send`.

    Rows go in as they are: no signal is sent, no `save` is called, and no generated key comes
    back; a row that others refer to takes its key from `reserve_keys` first. Values are plain:
    an expression such as ``F("returns") + 1`` raises TypeError.
    """

    def __init__(self) -> None:
        self._statements: list[_Statement] = []

    def insert(self, *rows: Model, unless_there: bool = False) -> None:
        """Add new rows of one model. ``unless_there``: pass over those that exist already."""
        if not rows:
            return
        fields = [field for field in _fields(type(rows[0])) if not _makes_its_key(rows[0], field)]
        columns = ", ".join(_quoted(field.column) for field in fields)
        head = f"INSERT INTO {_table(rows[0])} ({columns}) VALUES "
        row = f"({', '.join(['%s'] * len(fields))})"
        tail = " ON CONFLICT DO NOTHING" if unless_there else ""
        values = [_values(one, fields) for one in rows]
        self._statements.append(_Statement(head, row, tail, values))
        for one in rows:
            one._state.adding, one._state.db = False, connection.alias

    def update(self, row: Model) -> None:
        """Add the new values of a row that exists; what was not read of it stays as it is."""
        fields = [
            field
            for field in _fields(type(row))
            if not field.primary_key and field.attname in row.__dict__
        ]
        settings = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
        key = type(row)._meta.pk
        head = f"UPDATE {_table(row)} SET {settings} WHERE {_quoted(key.column)} = %s"
        self._statements.append(_Statement(head, "", "", [_values(row, [*fields, key])]))

    def send(self, question: str = "", *asked: Any) -> tuple[Any, ...] | None:
        """Write what was added; ``question``: a last statement, whose first row is returned."""
        statements, self._statements = self._statements, []
        with connection.cursor() as cursor:
            if connection.vendor != "postgresql":
                for one in statements:
                    cursor.executemany(one.head + one.row + one.tail, one.values)
                statements = []
            texts = [
                one.head + ", ".join([one.row] * len(one.values)) + one.tail for one in statements
            ]
            values = [value for one in statements for row in one.values for value in row]
            texts += [question] if question else []
            if texts:
                cursor.execute("; ".join(texts), [*values, *asked])
            while question and len(texts) > 1 and cursor.nextset():
                pass  # the answer is the last one's
            return cursor.fetchone() if question else None


def reserve_keys(*models: type[Model]) -> list[int]:
    """Return the key the next row of each model will have.

    Must run inside the transaction that writes them, and just before: on SQLite, where one
    transaction writes at a time, it is the one after the last.
    """
    if connection.vendor == "postgresql":
        keys = ", ".join(f"nextval('{_sequence(model)}')" for model in models)
    else:
        keys = ", ".join(
            f"(SELECT coalesce(max(id), 0) + 1 FROM {model._meta.db_table})"  # noqa: S608
            for model in models
        )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {keys}")
        return list(cursor.fetchone())


def _sequence(model: type[Model]) -> str:
    """Return the name PostgreSQL gave the sequence of a model's key, as Django made the table."""
    return f"{model._meta.db_table}_{model._meta.pk.column}_seq"


@lru_cache(maxsize=256)
def _fields(model: type[Model]) -> tuple[Field[Any, Any], ...]:
    return tuple(field for field in model._meta.local_concrete_fields)


def _makes_its_key(row: Model, field: Field[Any, Any]) -> bool:
    return bool(field.primary_key) and row.pk is None


def _values(row: Model, fields: Iterable[Field[Any, Any]]) -> list[Any]:
    found = [field.get_db_prep_save(_value(row, field), connection) for field in fields]
    if any(hasattr(value, "resolve_expression") for value in found):
        raise TypeError("an expression has no value to write")
    return found


def _value(row: Model, field: Field[Any, Any]) -> Any:
    """Return the value of a field; of a reference, also where its object got a key meanwhile."""
    value = getattr(row, field.attname)
    if value is None and field.is_relation and field.is_cached(row):
        related = field.get_cached_value(row)
        if related is not None:
            value = related.pk
            setattr(row, field.attname, value)
    return value


def _table(row: Model) -> str:
    return _quoted(row._meta.db_table)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
