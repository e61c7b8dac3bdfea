"""The day it is in a community, told by the database: each row by its own community's zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import DateField, DateTimeField, F, Func, Value
from django.utils import timezone

if TYPE_CHECKING:
    from datetime import datetime

    from linli.kernel.kept_queries import Given


class DayIn(Func):
    """The date at an instant (now when absent) in the time zone that a column names.

    Unlike a date of the process, it is right in commands, workers and the API, where nobody's zone
    is active, and for rows of several communities.
    """

    output_field = DateField()

    def __init__(self, zone: str, at: datetime | Given | None = None) -> None:
        instant = at if hasattr(at, "as_sql") else Value(at or timezone.now(), DateTimeField())
        super().__init__(instant, F(zone))

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """Return PostgreSQL's own conversion."""
        return super().as_sql(
            compiler, connection, template="(%(expressions)s)::date", arg_joiner=" AT TIME ZONE "
        )

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """Return the function by which Django's own ``__date`` lookups convert."""
        template = "django_datetime_cast_date(%(expressions)s, 'UTC')"
        return super().as_sql(compiler, connection, template=template, **more)
