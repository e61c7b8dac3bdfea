"""JSON that keeps the order of its mappings, on both databases."""

from __future__ import annotations

from typing import Any

from django.db import models


class OrderedJSONField(models.JSONField):
    """A JSON value stored as the text it was given, so that mappings keep their order.

    Categories, options and roles are shown in the order a pack lists them. PostgreSQL's ``jsonb``,
    which Django takes, sorts keys by length and then by letters; its ``json`` keeps the text. Such
    a column can neither be compared nor grouped, nor has it lookups into its keys.
    """

    def db_type(self, connection: Any) -> str | None:
        """Return ``json`` on PostgreSQL, elsewhere what Django takes."""
        return "json" if connection.vendor == "postgresql" else super().db_type(connection)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Return the value as the database's driver takes it."""
        if connection.vendor != "postgresql" or value is None:
            return super().get_db_prep_value(value, connection, prepared)
        from psycopg.types.json import Json

        return Json(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the value read; the driver of PostgreSQL has parsed ``json`` already."""
        if connection.vendor != "postgresql":
            return super().from_db_value(value, expression, connection)
        return value
