"""Readable numbers: prefix, year, serial: DH-2026-000123."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import F

from linli.kernel.matters.models import NumberSeries

if TYPE_CHECKING:
    from datetime import datetime

    from linli.kernel.organisations.models import Community


def next_number(community: Community, now: datetime) -> str:
    """Take the next number of the community's year; must run inside a transaction.

    The row is locked until commit, so numbers have no gaps and no twins.
    """
    year = now.astimezone(ZoneInfo(community.timezone)).year
    row = NumberSeries.objects.filter(community=community, year=year)
    if not row.update(last=F("last") + 1):
        NumberSeries.objects.get_or_create(community=community, year=year)
        row.update(last=F("last") + 1)
    return f"{community.prefix}-{year}-{row.values_list('last', flat=True).get():06d}"
