"""Let PostgreSQL refuse to empty the table of events: TRUNCATE passes by triggers on rows."""

from django.db import migrations

REFUSE = """CREATE TRIGGER events_event_no_truncate BEFORE TRUNCATE ON events_event
            FOR EACH STATEMENT EXECUTE FUNCTION events_event_refuse()"""
UNDO = "DROP TRIGGER events_event_no_truncate ON events_event"


def _on_postgresql(statement):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("events", "0004_as_it_stood")]
    operations = [migrations.RunPython(_on_postgresql(REFUSE), _on_postgresql(UNDO))]
