"""Keep with each event whose it was, where and what about, as the matter stood then."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_append_only"),
        ("organisations", "0001_initial"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="answerable",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="area",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.area",
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="category",
            field=models.CharField(blank=True, db_default="", max_length=60),
        ),
    ]


def _refuse_again(apps, schema_editor):
    """SQLite made the table anew for the last column, and its triggers went with the old one."""
    if schema_editor.connection.vendor == "sqlite":
        for change in ("update", "delete"):
            schema_editor.execute(
                f"CREATE TRIGGER IF NOT EXISTS events_event_no_{change} BEFORE {change} "
                "ON events_event BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
            )


Migration.operations.append(migrations.RunPython(_refuse_again, _refuse_again))
