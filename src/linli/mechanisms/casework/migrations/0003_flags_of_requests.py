"""Matters carry the flags of their requests; the lists of the requests need no index of their own."""

from django.db import migrations
from django.db.models import Q

KEPT = {
    "broken": Q(promise_broken=True),
    "reopened": Q(reopened__gt=0),
    "returned": Q(returns__gt=0),
}


def flag(apps, schema_editor):
    """Write the flags as `matters.flags` does: in order, with a space on both sides."""
    matters = apps.get_model("matters", "Matter").objects
    requests = apps.get_model("casework", "ServiceRequest").objects
    for number in range(1, 1 << len(KEPT)):
        chosen = {name: bool(number >> bit & 1) for bit, name in enumerate(KEPT)}
        holds = Q()
        for name, condition in KEPT.items():
            holds &= condition if chosen[name] else ~condition
        text = " ".join(name for name, held in chosen.items() if held)
        matters.filter(pk__in=requests.filter(holds).values("pk")).update(flags=f" {text} ")


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0002_lists_of_a_city"),
        ("matters", "0006_lists_by_one_index"),
    ]
    run_before = [("matters", "0007_open_and_stage")]

    operations = [
        migrations.RunPython(flag, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="servicerequest", name="request_returned"),
        migrations.RemoveIndex(model_name="servicerequest", name="request_reopened"),
        migrations.RemoveIndex(model_name="servicerequest", name="request_broken"),
    ]
