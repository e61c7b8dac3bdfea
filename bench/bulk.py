"""Writing very many rows into PostgreSQL: COPY, and indexes built afterwards."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.management.color import no_style
from django.db import connection, models
from psycopg.types.json import Jsonb

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Table:
    """Rows of a model, of which only some columns differ; the others take their default."""

    def __init__(self, model: type[models.Model], names: tuple[str, ...], **same: Any) -> None:
        fields = [f for f in model._meta.concrete_fields if f.attname in names or not _made(f)]
        by_name = {field.attname: field for field in fields}
        rest = [name for name in by_name if name not in names]
        self._json = [n for n, name in enumerate(names) if _is_json(by_name[name])]
        self._rest = tuple(_plain(by_name[name], same) for name in rest)
        columns = [connection.ops.quote_name(by_name[name].column) for name in (*names, *rest)]
        self._sql = f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN"
        self._each = {
            n: by_name[name]
            for n, name in enumerate(rest)
            if name == "uuid"  # must differ
        }

    def copy(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write them."""
        with connection.cursor() as cursor, cursor.cursor.copy(self._sql) as copy:
            for row in rows:
                copy.write_row((*self._with_json(row), *self._others()))

    def _with_json(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        if not self._json:
            return row
        return tuple(Jsonb(one) if n in self._json else one for n, one in enumerate(row))

    def _others(self) -> tuple[Any, ...]:
        if not self._each:
            return self._rest
        return tuple(
            self._each[n].get_default() if n in self._each else one
            for n, one in enumerate(self._rest)
        )


def _made(field: models.Field) -> bool:
    """Whether the database makes the value itself."""
    return isinstance(field, models.AutoField)


def _is_json(field: models.Field) -> bool:
    return isinstance(field, models.JSONField)


def _plain(field: models.Field, same: dict[str, Any]) -> Any:
    value = same.get(field.attname, field.get_default())
    return Jsonb(value) if _is_json(field) else value


@contextmanager
def without_indexes(*tables: type[models.Model]) -> Iterator[None]:
    """Take the indexes of tables away for a while, and do not check references meanwhile."""
    names = [model._meta.db_table for model in tables]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
            "WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique",
            [names],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _name, definition in indexes:
            cursor.execute(definition)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def reset_sequences(*tables: type[models.Model]) -> None:
    """Let the next row take the number after the last."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
