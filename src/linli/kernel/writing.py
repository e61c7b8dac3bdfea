"""Rows of several tables, written together: in one round trip where the database can.

`perform` writes a dozen rows of ten tables for one action. Each `save` of Django builds its
statement anew and waits for the answer; here a statement is built once for each model, and
PostgreSQL gets all of them at once. SQLite, which has no way to go, gets one after another.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connections

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import Field, Model


@dataclass(frozen=True)
class _Statement:
    """``head``, a ``row`` of placeholders for each list of values, then ``tail``."""

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
        self._connection = connections[DEFAULT_DB_ALIAS]
        self._statements: list[_Statement] = []

    def insert(self, *rows: Model, unless_there: bool = False) -> None:
        """Add new rows of one model. ``unless_there``: pass over those that exist already."""
        if not rows:
            return
        fields, head, row = _insertion(type(rows[0]), rows[0].pk is not None)
        tail = " ON CONFLICT DO NOTHING" if unless_there else ""
        values = [self._values(one, fields) for one in rows]
        self._statements.append(_Statement(head, row, tail, values))
        for one in rows:
            one._state.adding, one._state.db = False, self._connection.alias

    def update(self, row: Model) -> None:
        """Add the new values of a row that exists; what was not read of it stays as it is."""
        key = row._meta.pk
        fields = [
            field
            for field in row._meta.local_concrete_fields
            if field is not key and field.attname in row.__dict__
        ]
        settings = ", ".join(f'"{field.column}" = %s' for field in fields)
        head = f'UPDATE "{row._meta.db_table}" SET '  # noqa: S608
        values = self._values(row, [*fields, key])
        self._statements.append(
            _Statement(head, f'{settings} WHERE "{key.column}" = %s', "", [values])
        )

    def send(self, question: str = "", *asked: Any) -> tuple[Any, ...] | None:
        """Write what was added; ``question``: a last statement, whose first row is returned."""
        statements, self._statements = self._statements, []
        with self._connection.cursor() as cursor:
            if self._connection.vendor == "postgresql":
                texts = [_composed(one, cursor.mogrify) for one in statements]
                texts += [cursor.mogrify(question, asked)] if question else []
                if texts:
                    cursor.execute("; ".join(texts))
                for _ in texts[1:]:
                    cursor.nextset()
            else:
                for one in statements:
                    cursor.executemany(one.head + one.row + one.tail, one.values)
                if question:
                    cursor.execute(question, asked)
            return cursor.fetchone() if question else None

    def _values(self, row: Model, fields: Iterable[Field[Any, Any]]) -> list[Any]:
        found = [
            field.get_db_prep_save(_value_of(row, field), self._connection) for field in fields
        ]
        if any(hasattr(value, "resolve_expression") for value in found):
            raise TypeError("an expression has no value to write")
        return found


def _composed(one: _Statement, quoted: Callable[[str, list[Any]], str]) -> str:
    """Return a statement with its values in it, quoted by the driver."""
    rows = ", ".join([quoted(one.row, values) for values in one.values])
    return f"{one.head}{rows}{one.tail}"


def _value_of(row: Model, field: Field[Any, Any]) -> Any:
    """Return the value of a field; of a reference, also where its object got a key meanwhile."""
    value = getattr(row, field.attname)
    if value is None and field.is_relation and (related := row._state.fields_cache.get(field.name)):
        value = related.pk
        setattr(row, field.attname, value)
    return value


@lru_cache(maxsize=512)
def _insertion(model: type[Model], with_key: bool) -> tuple[list[Field[Any, Any]], str, str]:
    """Return the fields of a new row, how its statement begins, and the place for its values."""
    fields = [
        field for field in model._meta.local_concrete_fields if with_key or not field.primary_key
    ]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    head = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES '  # noqa: S608
    return fields, head, f"({', '.join(['%s'] * len(fields))})"


def reserve_keys(*models: type[Model]) -> list[int]:
    """Return the key the next row of each model will have.

    Must run inside the transaction that writes them, and just before: on SQLite, where one
    transaction writes at a time, it is the one after the last.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    key = _next_in_sequence if connection.vendor == "postgresql" else _next_after_last
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(map(key, models))}")
        return list(cursor.fetchone())


def _next_in_sequence(model: type[Model]) -> str:
    """PostgreSQL names the sequence of an identity column after table and column."""
    return f"nextval('{model._meta.db_table}_{model._meta.pk.column}_seq')"


def _next_after_last(model: type[Model]) -> str:
    column, table = model._meta.pk.column, model._meta.db_table
    return f'(SELECT coalesce(max("{column}"), 0) + 1 FROM "{table}")'  # noqa: S608
