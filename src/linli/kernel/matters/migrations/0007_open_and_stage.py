"""The indexes of 0006, apart: no table is indexed in the transaction that changed its rows."""

from django.db import migrations, models

# An index answers alone only for pages that were vacuumed since they last changed; by default
# PostgreSQL waits for a fifth of all rows, which in five years of matters is a year.
OFTEN = "autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor"
TABLES = ("matters_matter", "matters_searchentry")


def vacuum_often(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        values = ", ".join(f"{name} = 0.01" for name in OFTEN.split(", "))
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE {table} SET ({values})")


def vacuum_as_others(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE {table} RESET ({OFTEN})")


class Migration(migrations.Migration):
    dependencies = [("matters", "0006_lists_by_one_index")]

    operations = [
        migrations.RunPython(vacuum_often, vacuum_as_others),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                fields=["community", "stage", "-created_at", "-id"], name="matter_stage"
            ),
        ),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                fields=["community", "due_at", "id"],
                include=(
                    "responsible", "desk", "area", "audience", "stage", "category", "urgency",
                    "flags",
                ),
                condition=models.Q(("closed_at__isnull", True)),
                name="matter_open",
            ),
        ),
    ]  # fmt: skip
