"""Indexes over the words: GIN on PostgreSQL, a full-text table on SQLite."""

from django.db import migrations

# array_to_tsvector takes the words as they are: no parser, no dictionary, no language.
GIN = """
CREATE INDEX {name} ON matters_searchentry
USING gin (array_to_tsvector(string_to_array({column}, ' ')))
"""

# Words hold letters, digits and "_"; every other ASCII character parts them, and all beyond
# ASCII belongs to a word. The text itself stays in the table (external content).
FULL_TEXT = """
CREATE VIRTUAL TABLE matters_fulltext USING fts5(
    words, public_words, content='matters_searchentry', content_rowid='matter_id',
    tokenize="ascii tokenchars '_'", detail=column
)
"""
REMOVE = (
    "INSERT INTO matters_fulltext(matters_fulltext, rowid, words, public_words) "
    "VALUES ('delete', old.matter_id, old.words, old.public_words);"
)
ADD = (
    "INSERT INTO matters_fulltext(rowid, words, public_words) "
    "VALUES (new.matter_id, new.words, new.public_words);"
)
TRIGGERS = {
    "matters_fulltext_add": f"AFTER INSERT ON matters_searchentry BEGIN {ADD} END",
    "matters_fulltext_remove": f"AFTER DELETE ON matters_searchentry BEGIN {REMOVE} END",
    "matters_fulltext_change": (
        f"AFTER UPDATE OF words, public_words ON matters_searchentry BEGIN {REMOVE} {ADD} END"
    ),
}


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for column in ("words", "public_words"):
            schema_editor.execute(GIN.format(name=f"entry_{column}", column=column))
        return
    schema_editor.execute(FULL_TEXT)
    for name, what in TRIGGERS.items():
        schema_editor.execute(f"CREATE TRIGGER {name} {what}")


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for column in ("words", "public_words"):
            schema_editor.execute(f"DROP INDEX entry_{column}")
        return
    for name in TRIGGERS:
        schema_editor.execute(f"DROP TRIGGER {name}")
    schema_editor.execute("DROP TABLE matters_fulltext")


class Migration(migrations.Migration):
    dependencies = [("matters", "0003_search_and_views")]

    operations = [migrations.RunPython(make, unmake)]
