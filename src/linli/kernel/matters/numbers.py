"""Readable numbers of matters: prefix, year, serial: DH-2026-000123."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from linli.kernel.matters.models import NumberSeries

if TYPE_CHECKING:
    from datetime import datetime

    from linli.kernel.organisations.models import Community
    from linli.kernel.writing import Writing

_COUNT_ON = (
    "UPDATE matters_numberseries SET last = last + 1 "
    "WHERE community_id = %s AND year = %s RETURNING last"
)


def next_number(community: Community, now: datetime, writing: Writing) -> str:
    """Write what waits and take the next number of the community's year, inside a transaction.

    The row is locked until commit, so numbers have no gaps and no twins.
    """
    year = now.astimezone(ZoneInfo(community.timezone)).year
    row = writing.send(_COUNT_ON, community.pk, year)
    if row is None:
        NumberSeries.objects.get_or_create(community=community, year=year)
        row = writing.send(_COUNT_ON, community.pk, year)
    return f"{community.prefix}-{year}-{row[0]:06d}"  # type: ignore[index]
