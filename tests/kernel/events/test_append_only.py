"""No hand changes an event, not even one that goes round Django."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from linli.kernel.events.models import AppendOnly, Event


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events_event SET category = 'x' WHERE id = %s",
        "DELETE FROM events_event WHERE id = %s",
    ],
)
def test_the_database_refuses(here, statement) -> None:
    event = here.report()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement, [event.pk])
    assert Event.objects.filter(pk=event.pk, category="").exists()


def test_neither_can_a_row_be_put_in_its_place(here) -> None:
    event = here.report()
    columns = ", ".join(f'"{field.column}"' for field in Event._meta.concrete_fields)
    replaced = {
        "sqlite": f"INSERT OR REPLACE INTO events_event ({columns}) SELECT {columns} FROM events_event",
        "postgresql": f"INSERT INTO events_event ({columns}) SELECT {columns} FROM events_event"
        " ON CONFLICT (id) DO UPDATE SET category = 'x'",
    }[connection.vendor]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(replaced)
    assert Event.objects.get().leaf_hash == event.leaf_hash


def test_nor_can_the_table_be_emptied(here) -> None:
    here.report()
    connection.check_constraints()  # PostgreSQL would refuse for checks still to come
    statements = ["DELETE FROM events_event"]
    if connection.vendor == "postgresql":
        statements += ["TRUNCATE events_event CASCADE", "TRUNCATE matters_matter CASCADE"]
    for statement in statements:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)
    assert Event.objects.count() == 1


def test_the_code_refuses(here) -> None:
    event = here.report()
    with pytest.raises(AppendOnly):
        event.save()
    with pytest.raises(AppendOnly):
        event.delete()
    with pytest.raises(AppendOnly):
        Event.objects.all().delete()
    with pytest.raises(AppendOnly):
        Event.objects.update(category="x")


def test_an_event_keeps_whose_where_and_what_it_was(here) -> None:
    matter = here.at_stage("in_hand", longitude=114.305, latitude=30.505)
    first, *_, last = Event.objects.filter(matter=matter).order_by("seq")
    assert (first.answerable, first.category) == (here.desk, "")
    assert (last.answerable, last.area, last.category) == (here.roads, here.grid_area, "pothole")
