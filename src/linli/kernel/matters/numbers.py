"""Keys of matters, and their readable numbers: prefix, year, serial: DH-2026-000123."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import connection

from linli.kernel.matters.models import NumberSeries

if TYPE_CHECKING:
    from datetime import datetime

    from linli.kernel.organisations.models import Community

_COUNT_ON = (
    "UPDATE matters_numberseries SET last = last + 1 "
    "WHERE community_id = %s AND year = %s RETURNING last"
)


def reserve_key() -> int:
    """Return the key the next matter will have; must run inside the transaction that writes it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence('matters_matter', 'id'))")
        else:  # one transaction writes at a time
            cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM matters_matter")
        return int(cursor.fetchone()[0])


def next_number(community: Community, now: datetime) -> str:
    """Take the next number of the community's year; must run inside a transaction.

    The row is locked until commit, so numbers have no gaps and no twins.
    """
    year = now.astimezone(ZoneInfo(community.timezone)).year
    last = _count_on(community, year)
    if last is None:
        NumberSeries.objects.get_or_create(community=community, year=year)
        last = _count_on(community, year)
    return f"{community.prefix}-{year}-{last:06d}"


def _count_on(community: Community, year: int) -> int | None:
    """Lock, count on and read in one statement; the ORM would take two."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ON, [community.pk, year])
        row = cursor.fetchone()
    return row[0] if row else None
