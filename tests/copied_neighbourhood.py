"""The neighbourhood of a test, copied from one that was made once: a dozen statements, not ninety.

Nearly every test wants one, so what it costs to make decides how long the whole run takes.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from linli.kernel.organisations.models import Community
from linli.kernel.packs.loading import load_pack
from linli.kernel.packs.models import Pack
from tests.neighbourhood import Neighbourhood, make_neighbourhood

# Keys far from those of rows a test makes before; sequences of PostgreSQL begin beyond them.
_APART, _BEYOND = 1_000_000, 100_000_000
_kept: dict[str, Kept] = {}


@dataclass
class Kept:
    """A neighbourhood as it was made, and every row that belongs to it, parents first."""

    neighbourhood: Neighbourhood
    rows: list[models.Model]


def copied_neighbourhood(code: str, prefix: str) -> Neighbourhood:
    """Return a neighbourhood as `make_neighbourhood` makes it, in few statements."""
    if code not in _kept:
        _kept[code] = _made_once(code, prefix)
    kept = copy.deepcopy(_kept[code])
    pack = load_pack("cn-community")
    for row in kept.rows:
        if isinstance(row, Community):
            row.pack = pack
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in kept.rows:
        by_model.setdefault(type(row), []).append(row)
    for model, rows in by_model.items():
        model._base_manager.bulk_create(rows)
    return kept.neighbourhood


def _made_once(code: str, prefix: str) -> Kept:
    """Make a neighbourhood, note its rows with keys of their own, and undo it."""
    tables = [model for model in apps.get_models() if model._meta.managed and model is not Pack]
    with transaction.atomic():
        before = {model: set(_keys(model)) for model in tables}
        made = make_neighbourhood(code, prefix)
        known = {(type(one), one.pk): one for one in _instances(made)}
        rows = [
            known.get((model, row.pk), row)
            for model in tables
            for row in model._base_manager.exclude(pk__in=before[model])
        ]
        transaction.set_rollback(True)
    _set_apart(rows, len(_kept) + 1)
    _begin_sequences_beyond({type(row) for row in rows})
    return Kept(made, _parents_first(rows))


def _keys(model: type[models.Model]) -> Any:
    return model._base_manager.values_list("pk", flat=True)


def _instances(made: Neighbourhood) -> list[models.Model]:
    return [one for one in vars(made).values() if isinstance(one, models.Model)]


def _set_apart(rows: list[models.Model], number: int) -> None:
    """Give the rows keys that no row of a test has, and roots of the tree their own path."""
    own = {(type(row), row.pk) for row in rows}
    for row in rows:
        for field in row._meta.concrete_fields:
            value = getattr(row, field.attname)
            if not field.is_relation or (field.related_model, value) not in own:
                continue
            loaded = field.get_cached_value(row, default=None)
            setattr(row, field.attname, value + number * _APART)
            if loaded is not None:
                field.set_cached_value(row, loaded)
        if hasattr(row, "path"):
            row.path = f"M{number:03d}{row.path[4:]}"
    for row in rows:
        key = row._meta.pk
        if not key.is_relation:
            setattr(row, key.attname, row.pk + number * _APART)


def _begin_sequences_beyond(tables: set[type[models.Model]]) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in tables:
            names = [model._meta.db_table, model._meta.pk.column]
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [*names, _BEYOND])


def _parents_first(rows: list[models.Model]) -> list[models.Model]:
    found: list[models.Model] = []
    waiting = {type(row) for row in rows}
    while waiting:
        ready = [
            model for model in waiting
            if not any(
                field.related_model in waiting and field.related_model is not model
                for field in model._meta.concrete_fields if field.is_relation
            )
        ]  # fmt: skip
        assert ready, f"rows of these point at each other: {waiting}"
        found += [row for row in rows if type(row) in ready]
        waiting -= set(ready)
    return found
