"""What a matter is found by: one row beside it, kept in step by perform()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Lookup, Q

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

FULL_TEXT_TABLE = "matters_fulltext"


class WordsField(models.TextField):  # type: ignore[type-arg]
    """Words separated by spaces, with a full-text index made by the migration."""


@WordsField.register_lookup
class Holds(Lookup):  # type: ignore[type-arg]
    """``words__holds=Wanted(…)``: PostgreSQL by a GIN index, SQLite by FTS5."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        """Words were cut already: no parser or dictionary of PostgreSQL has a say."""
        column, params = self.process_lhs(compiler, connection)
        vector = f"array_to_tsvector(string_to_array({column}, ' '))"
        return f"{vector} @@ %s::tsquery", [*params, self.rhs.to_tsquery()]

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        """The full-text table shares the row's identity."""
        column, params = self.process_lhs(compiler, connection)
        table = column.rpartition(".")[0]
        name = self.lhs.target.column
        # The table's name is ours; what is sought is a parameter.
        found = f"SELECT rowid FROM {FULL_TEXT_TABLE} WHERE {FULL_TEXT_TABLE} MATCH %s"  # noqa: S608
        return f'{table}."matter_id" IN ({found})', [*params, self.rhs.to_fts5(name)]


@WordsField.register_lookup
class Spells(Lookup):  # type: ignore[type-arg]
    """``words__spells=Wanted(…)``: the same row by row, for few rows, where an index is slower.

    Marks are not asked for: they only narrow an index.
    """

    lookup_name = "spells"
    prepare_rhs = False

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Words stand between spaces and hold no sign of a pattern."""
        column, params = self.process_lhs(compiler, connection)
        patterns = [f"% {word} %" for word in self.rhs.words]
        patterns += [f"% {word}%" for word in self.rhs.beginnings]
        one = f"(' ' || {column} || ' ') LIKE %s"
        every = " AND ".join([one] * len(patterns))
        return f"({every})", tuple(value for each in patterns for value in (*params, each))


class SearchEntry(models.Model):
    """The words and the map cell of a matter.

    ``words`` come from what the reporter wrote and are for those in charge; ``public_words``
    come from what the public may read, so that no public search can touch a private word.
    """

    matter = models.OneToOneField(
        "matters.Matter", models.CASCADE, primary_key=True, related_name="search"
    )
    community = models.ForeignKey(
        "organisations.Community", models.PROTECT, related_name="+", db_index=False
    )
    words = WordsField()
    public_words = WordsField(blank=True)
    is_open = models.BooleanField()
    is_public = models.BooleanField()
    is_named = models.BooleanField(default=False)  # for named people only
    responsible_id = models.BigIntegerField(null=True)
    desk_id = models.BigIntegerField(null=True)
    area_id = models.BigIntegerField(null=True)
    cell = models.BigIntegerField(null=True)  # see `matters.cells`
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["community", "cell"],
                include=["longitude", "latitude", "matter"],
                condition=Q(is_public=True, cell__isnull=False),
                name="entry_map_public",
            ),
            models.Index(
                fields=["community", "cell"],
                include=[
                    "longitude", "latitude", "matter", "responsible_id", "desk_id", "area_id"
                ],
                condition=Q(is_open=True, cell__isnull=False),
                name="entry_map_open",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"entry of {self.matter_id}"
