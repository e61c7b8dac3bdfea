"""Let the database itself refuse to change or delete an event."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER events_event_no_update BEFORE UPDATE ON events_event
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
    """CREATE TRIGGER events_event_no_delete BEFORE DELETE ON events_event
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION events_event_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$""",
    """CREATE TRIGGER events_event_no_change BEFORE UPDATE OR DELETE ON events_event
       FOR EACH ROW EXECUTE FUNCTION events_event_refuse()""",
]
UNDO_SQLITE = [
    "DROP TRIGGER events_event_no_update",
    "DROP TRIGGER events_event_no_delete",
]
UNDO_POSTGRESQL = [
    "DROP TRIGGER events_event_no_change ON events_event",
    "DROP FUNCTION events_event_refuse()",
]


def _run(on_sqlite, on_postgresql):
    def run(apps, schema_editor):
        statements = on_sqlite if schema_editor.connection.vendor == "sqlite" else on_postgresql
        for statement in statements:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("events", "0002_initial")]
    operations = [
        migrations.RunPython(_run(SQLITE, POSTGRESQL), _run(UNDO_SQLITE, UNDO_POSTGRESQL))
    ]
