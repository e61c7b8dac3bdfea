"""What the views hold as constants: what packs say and a database cannot compute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from linli.kernel.deadlines.clocks import calendar_of
from linli.kernel.matters.models import Matter
from linli.kernel.organisations.models import Community
from linli.kernel.packs.loading import pack_of

if TYPE_CHECKING:
    from linli.kernel.packs.schema import PackContent

MONDAY_TO_FRIDAY = 5
NO_AREA = -1  # a level below every kind of area: none is named


@dataclass(frozen=True)
class Constants:
    """Rows by community: the finest level of areas, categories, days against the rule."""

    finest: list[tuple[int, int]]
    categories: list[tuple[Any, ...]]
    spans: list[tuple[int, str, str]]
    exceptions: list[tuple[int, str, bool]]


def constants_now() -> Constants:
    """Return the constants as packs and calendars stand now. Two queries a community."""
    found = Constants([], [], [], [])
    for community in Community.objects.select_related("pack").order_by("pk"):
        pack = pack_of(community)
        kind = pack.area_kinds.get(pack.open_data.finest_place or "")
        found.finest.append((community.pk, NO_AREA if kind is None else kind.level))
        found.categories.extend(_categories(community.pk, pack))
        first, last = _span(community)
        found.spans.append((community.pk, first.isoformat(), last.isoformat()))
        calendar, day = calendar_of(community.pack, community.timezone), first
        while day <= last:
            worked = calendar.is_workday(day)
            if worked != (day.isoweekday() <= MONDAY_TO_FRIDAY):
                found.exceptions.append((community.pk, day.isoformat(), worked))
            day += timedelta(days=1)
    return found


def _categories(community: int, pack: PackContent) -> list[tuple[Any, ...]]:
    return [
        (community, code, one.parent, one.label.root.get("zh-hans"), one.label.root.get("en"),
         one.urgency, one.sensitive, one.national_code)
        for code, one in pack.categories.items()
    ]  # fmt: skip


def _span(community: Community) -> tuple[date, date]:
    """From the year of the first matter to the end of next year."""
    rows = Matter.objects.filter(community=community).order_by("created_at")
    first = rows.values_list("created_at", flat=True).first() or timezone.now()
    return date(first.year, 1, 1), date(timezone.now().year + 1, 12, 31)
