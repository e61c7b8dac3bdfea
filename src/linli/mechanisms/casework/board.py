"""What the public board shows: the list, the points of the map, three plain figures.

Only requests whose audience is the public appear, with the texts the desk released, the grid
instead of the address, and a point rounded to some 100 m.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from linli.kernel.deadlines.models import Clock
from linli.kernel.matters.board import public_matters
from linli.kernel.matters.map import on_map
from linli.kernel.matters.pages import PAGE_SIZE, newest_first
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.queries import public_requests

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from linli.kernel.matters.map import Box
    from linli.kernel.matters.models import Matter
    from linli.kernel.matters.pages import Page
    from linli.kernel.organisations.models import Community

DEGREES = 3  # decimals of a published point: about 110 m north to south
MOST_POINTS = 300
FINEST_ZOOM = 17  # closer than this, a cluster would tell more than a rounded point
STATES = ("waiting", "in_hand", "closed")  # groups of `matters.board`
FIGURES = ("reported", "answered", "solved")
FIGURES_KEPT, AREAS_KEPT = 60, 600  # seconds


@dataclass(frozen=True)
class BoardFilter:
    """What a visitor asked for; anything unknown is left out instead of failing."""

    text: str = ""
    category: str = ""
    group: str = ""
    area: str = ""
    figure: str = ""
    month: str = ""
    given: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, query: Mapping[str, str], community: Community) -> BoardFilter:
        """Read a filter from the address of a page."""
        categories = pack_of(community).categories
        month = query.get("month", "")
        kept = {
            "q": query.get("q", "").strip().replace("\x00", "")[:100],
            "category": _known(query.get("category", ""), categories),
            "state": _known(query.get("state", ""), STATES),
            "area": query.get("area", "").replace("\x00", "")[:40],
            "figure": _known(query.get("figure", ""), FIGURES),
            "month": month if _first_day(month) else "",
        }
        given = {name: value for name, value in kept.items() if value}
        return cls(kept["q"], kept["category"], kept["state"], kept["area"], kept["figure"],
                   kept["month"], given)  # fmt: skip


def _known(value: str, known: Any) -> str:
    return value if value in known else ""


def board_rows(community: Community, asked: BoardFilter) -> QuerySet[Matter]:
    """Return the public requests a filter lets through, newest first.

    One query for the area, and with words at most four for them.
    """
    area = community.areas.filter(code=asked.area).first() if asked.area else None
    rows = public_matters(
        community,
        category=asked.category,
        area=area,
        group=asked.group,
        text=asked.text,
    ).filter(procedure="casework")
    if asked.area and area is None:
        return rows.none()
    if asked.figure:
        rows = counted(rows, asked.figure, community, asked.month)
    return rows


def board_page(community: Community, asked: BoardFilter, cursor: str = "") -> Page[Matter]:
    """Return a page of the board. One query, two with a cursor."""
    rows = board_rows(community, asked)
    rows = rows.select_related("servicerequest", "responsible", "area").defer("area__boundary")
    return newest_first(rows, cursor, PAGE_SIZE)


def latest_answered(community: Community, count: int = 3) -> list[Matter]:
    """Return the newest public requests that have an answer. One query."""
    rows = public_requests(community).exclude(servicerequest__reply="")
    related = ("servicerequest", "responsible", "community")
    return list(rows.select_related(*related).order_by("-created_at", "-pk")[:count])


# --- the map --------------------------------------------------------------------------------
def on_the_map(community: Community, asked: BoardFilter, box: Box, zoom: int) -> dict[str, Any]:
    """Return the clusters and points inside a box (west, south, east, north), rounded.

    Without a filter clusters are counted by the kernel, however many there are; with one, the
    newest `MOST_POINTS` are shown.
    """
    if not asked.given:
        shown = on_map(None, community, box, min(zoom, FINEST_ZOOM))
        clusters = [
            {"lon": round(one.longitude, DEGREES), "lat": round(one.latitude, DEGREES),
             "count": one.count, "more": one.more}
            for one in shown.clusters
        ]  # fmt: skip
        return {"clusters": clusters, "points": [_point(one) for one in shown.pins if _ours(one)]}
    west, south, east, north = box
    rows = board_rows(community, asked).filter(
        longitude__gte=west, longitude__lte=east, latitude__gte=south, latitude__lte=north
    )
    return {"clusters": [], "points": [_point(one) for one in rows[:MOST_POINTS]]}


def _ours(matter: Matter) -> bool:
    return matter.procedure == "casework"


def _point(matter: Matter) -> dict[str, Any]:
    return {
        "lon": round(matter.longitude or 0, DEGREES),
        "lat": round(matter.latitude or 0, DEGREES),
        "number": matter.number,
        "title": matter.public_title,
        "stage": matter.stage,
    }


# --- three figures --------------------------------------------------------------------------
@dataclass(frozen=True)
class Figure:
    """A count, or a share of a whole; each opens to the list of what it counts."""

    name: str
    count: int
    whole: int | None
    month: str

    @property
    def share(self) -> int | None:
        """Per cent, whole; None where nothing is counted yet."""
        if not self.whole:
            return None
        return round(100 * self.count / self.whole)


def month_of(community: Community, now: datetime) -> str:
    """Return the month it is in the community: "2026-11"."""
    return now.astimezone(ZoneInfo(community.timezone)).strftime("%Y-%m")


def figures(community: Community, now: datetime | None = None) -> list[Figure]:
    """Return what was reported this month, answered in time, and solved as reporters say.

    Kept for a minute; then four queries.
    """
    month = month_of(community, now or timezone.now())
    key = f"board-figures:{community.pk}:{month}"
    found: list[Figure] | None = cache.get(key)
    if found is None:
        found = [_figure(community, name, month) for name in FIGURES]
        cache.set(key, found, FIGURES_KEPT)
    return found


def _figure(community: Community, name: str, month: str) -> Figure:
    rows = public_requests(community)
    if name == "reported":
        return Figure(name, counted(rows, name, community, month).count(), None, month)
    if name == "answered":
        return _answered(rows, community, month)
    whole = _base(rows, name, community, month)
    got = whole.aggregate(whole=Count("pk"), hit=Count("pk", filter=_hit(name)))
    return Figure(name, got["hit"], got["whole"], month)


def _answered(rows: QuerySet[Matter], community: Community, month: str) -> Figure:
    """Count apart what was answered and what ran out unanswered: either has an index, not both."""
    rows = _base(rows, "reported", community, month)
    replied = rows.filter(servicerequest__first_replied_at__isnull=False)
    got = replied.aggregate(whole=Count("pk"), hit=Count("pk", filter=_hit("answered")))
    late = rows.filter(
        Exists(_reply_clock(ran_out=True)), servicerequest__first_replied_at__isnull=True
    )
    return Figure("answered", got["hit"], got["whole"] + late.count(), month)


def counted(
    rows: QuerySet[Matter], name: str, community: Community, month: str
) -> QuerySet[Matter]:
    """Return the rows a figure counts, so that its list and its number agree."""
    rows = _base(rows, name, community, month)
    return rows if name == "reported" else rows.filter(_hit(name))


def _base(rows: QuerySet[Matter], name: str, community: Community, month: str) -> QuerySet[Matter]:
    first = _first_day(month) or _first_day(month_of(community, timezone.now())) or date.min
    since, until = _bounds(first, community)
    if name == "solved":
        return rows.filter(
            servicerequest__rated_at__gte=since,
            servicerequest__rated_at__lt=until,
            servicerequest__solved__isnull=False,
        )
    rows = rows.filter(created_at__gte=since, created_at__lt=until)
    if name == "answered":
        # Answered, or the time to answer has run out: what is still in time is not judged yet.
        rows = rows.filter(
            Q(servicerequest__first_replied_at__isnull=False) | Exists(_reply_clock(ran_out=True))
        )
    return rows


def _hit(name: str) -> Q:
    if name == "solved":
        return Q(servicerequest__solved=True)
    return Q(Exists(_reply_clock(ran_out=False))) & ~Q(Exists(_reply_clock(ran_out=True)))


def _reply_clock(*, ran_out: bool) -> QuerySet[Clock]:
    rows = Clock.objects.filter(matter=OuterRef("pk"), name="reply")
    if ran_out:
        return rows.filter(Q(kept=False) | Q(overdue_at__isnull=False))
    return rows.filter(kept=True)


def _first_day(month: str) -> date | None:
    """Return the first day of "2026-11", or None for what is no month of these centuries."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        return None
    return first if 2000 <= first.year <= 2999 else None


def _bounds(first: date, community: Community) -> tuple[datetime, datetime]:
    """Return when a month begins and when the next does, in the community's zone, as UTC."""
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    zone = ZoneInfo(community.timezone)
    since, until = (
        datetime.combine(day, time.min, zone).astimezone(UTC) for day in (first, following)
    )
    return since, until


def areas_with_requests(community: Community) -> list[dict[str, Any]]:
    """Return the grids with their number of public requests: the map in words.

    Kept for some minutes; then two queries.
    """
    key = f"board-areas:{community.pk}"
    found: list[dict[str, Any]] | None = cache.get(key)
    if found is None:
        rows = public_requests(community).filter(area__isnull=False).order_by()
        # Rows, not their keys, are counted: the index holds no keys, and 600,000 would be fetched.
        counts = dict(rows.values_list("area").annotate(count=Count("*")))
        areas = community.areas.filter(pk__in=counts).order_by("code")
        found = [
            {"code": code, "name": name, "count": counts[pk]}
            for pk, code, name in areas.values_list("pk", "code", "name")
        ]
        cache.set(key, found, AREAS_KEPT)
    return found
