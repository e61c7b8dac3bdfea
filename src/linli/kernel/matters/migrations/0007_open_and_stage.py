"""The indexes of 0006, apart: no table is indexed in the transaction that changed its rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0006_lists_by_one_index")]

    operations = [
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
