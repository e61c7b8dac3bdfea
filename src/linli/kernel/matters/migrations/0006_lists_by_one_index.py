"""Lists of open matters by one index, lists of a stage by another; entries know whom they are for."""

from importlib import import_module

from django.db import migrations, models


def keep_full_text(apps, schema_editor):
    """SQLite makes a table anew to add a column, and forgets the triggers of the old one."""
    if schema_editor.connection.vendor == "sqlite":
        full_text = import_module("linli.kernel.matters.migrations.0004_full_text")
        for name, what in full_text.TRIGGERS.items():
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
            schema_editor.execute(f"CREATE TRIGGER {name} {what}")


def mark_named(apps, schema_editor):
    matters = apps.get_model("matters", "Matter").objects.filter(audience="named")
    entries = apps.get_model("matters", "SearchEntry").objects
    entries.filter(matter__in=matters.values("pk")).update(is_named=True)


class Migration(migrations.Migration):
    dependencies = [("matters", "0005_lists_of_a_city")]

    operations = [
        migrations.AddField(
            model_name="matter",
            name="flags",
            field=models.CharField(blank=True, default="", editable=False, max_length=120),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="searchentry",
            name="is_named",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(keep_full_text, keep_full_text),
        migrations.RunPython(mark_named, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="matter", name="matter_inbox_desk"),
        migrations.RemoveIndex(model_name="matter", name="matter_inbox_stage"),
        migrations.RemoveIndex(model_name="matter", name="matter_inbox_category"),
    ]
