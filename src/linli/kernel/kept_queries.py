"""Queries that are asked again and again: said in Django's words, turned into SQL once.

Django builds and compiles a query each time it is asked, which costs more than asking it. What
every action asks is declared once instead::

    desks = KeptQuery(lambda: Organisation.objects.filter(community=Given("community")))
    desks(community=3)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import connection, models
from django.db.models import Expression
from django.db.models.query import get_related_populators

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import QuerySet
    from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=models.Model)


class Given(Expression):
    """A value that is given when the query is asked, under a name; never None."""

    def __init__(self, name: str, kind: models.Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=kind or models.BigIntegerField())
        self.name, self.kind = name, kind

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        return "%s", [self]


def any_of(name: str, most: int) -> list[Any]:
    """Return what stands in an ``__in`` for up to so many values; `spread` gives them."""
    return [Given(f"{name}{n}") for n in range(most)]


def spread(name: str, values: Sequence[int], most: int) -> dict[str, int]:
    """Return values, between one and so many, by the names of `any_of`; the last is repeated."""
    return {f"{name}{n}": values[min(n, len(values) - 1)] for n in range(most)}


class KeptRows:
    """A query for values (``values_list``) compiled on its first use; answers tuples."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build
        self._compiled: dict[str, tuple[SQLCompiler, str, Sequence[Any]]] = {}

    def __call__(self, **given: Any) -> list[tuple[Any, ...]]:
        if connection.vendor not in self._compiled:
            compiler = self._build().query.get_compiler(connection.alias)
            self._compiled[connection.vendor] = (compiler, *compiler.as_sql())
        compiler, sql, params = self._compiled[connection.vendor]
        answers = _answers(sql, params, given)
        return [tuple(row) for row in compiler.results_iter([answers], tuple_expected=True)]


class KeptQuery(Generic[Row]):
    """A query compiled on its first use. Values are given by name, and prepared by their kind.

    ``build``: returns the query, with `Given` where a value is still to come. Related rows come
    along as ``select_related`` says; slices and ``only`` work, prefetching does not.
    """

    def __init__(self, build: Callable[[], QuerySet[Row]]) -> None:
        self._build = build
        self._compiled: dict[str, _Compiled[Row]] = {}

    def __call__(self, **given: Any) -> list[Row]:
        compiled = self._compiled.get(connection.vendor)
        if compiled is None:
            compiled = self._compiled[connection.vendor] = _Compiled(self._build())
        return compiled.ask(given)

    def first(self, **given: Any) -> Row | None:
        """Return the first row, or None."""
        return next(iter(self(**given)), None)


class _Compiled(Generic[Row]):
    """The SQL of a query, and how its rows become objects: what `ModelIterable` does each time."""

    def __init__(self, rows: QuerySet[Row]) -> None:
        self._compiler = rows.query.get_compiler(connection.alias)
        self._sql, self._params = self._compiler.as_sql()
        select, told = self._compiler.select, self._compiler.klass_info
        self._model: type[Row] = told["model"]
        self._from, self._to = told["select_fields"][0], told["select_fields"][-1] + 1
        self._names = [column[0].target.attname for column in select[self._from : self._to]]
        self._related = get_related_populators(told, select, connection.alias)  # type: ignore[call-arg]

    def ask(self, given: dict[str, Any]) -> list[Row]:
        answers = _answers(self._sql, self._params, given)
        return [self._object(answer) for answer in self._compiler.results_iter([answers])]

    def _object(self, answer: Any) -> Row:
        found = self._model.from_db(connection.alias, self._names, answer[self._from : self._to])
        for populator in self._related:
            populator.populate(answer, found)
        return found


def _answers(sql: str, params: Sequence[Any], given: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [_value(param, given) for param in params])
        return cursor.fetchall()


def _value(param: Any, given: dict[str, Any]) -> Any:
    if not isinstance(param, Given):
        return param
    value = given[param.name]
    return value if param.kind is None else param.kind.get_db_prep_value(value, connection)
