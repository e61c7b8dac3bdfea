"""What is said in a community: its requests as messages, and which are held by a monthly topic."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models.functions import Substr

from linli.engines.similarity.topics import Message
from linli.kernel.events.models import Event
from linli.kernel.matters.models import Audience, Matter, MatterLink
from linli.kernel.packs.loading import pack_of
from linli.kernel.places.models import Area

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community
    from linli.kernel.packs.schema import HotTopicsSetting, PackContent

LONGEST_TEXT = 400  # characters of a message; the engine reads 300
MOST_HELD = 3_000
SOMEWHERE = "0"  # the area of those that may share a topic with all


@dataclass(frozen=True)
class Gathered:
    """Messages by the key of their matter, and the span they are counted in.

    ``held``: reports of topics of the month that run; they are compared with, however old.
    ``grids``: the area each lies in, by which spread is counted. ``kinds``: the group of
    categories the desk sorted each into, as far as it did.
    """

    since: datetime
    until: datetime
    messages: list[Message]
    held: frozenset[int] = frozenset()
    grids: dict[int, str] = field(default_factory=dict)
    kinds: dict[int, str] = field(default_factory=dict)


def span_of(community: Community, day: date, days: int) -> tuple[datetime, datetime]:
    """Return the ``days`` whole days before ``day``, in UTC."""
    zone = ZoneInfo(community.timezone)
    until = datetime.combine(day, time(), zone)
    since = datetime.combine(day - timedelta(days=days), time(), zone)
    return since.astimezone(UTC), until.astimezone(UTC)


def gather(community: Community, day: date, setting: HotTopicsSetting) -> Gathered:
    """Return what was said in the days before ``day``. Five queries, however many matters.

    What is for named people only never takes part; nor what was withdrawn, nor the parts that
    other units do of a request. Who joined a request as a supporter counts as a like of it.
    """
    since, until = span_of(community, day, setting.days)
    held = frozenset(_held(community, since))
    rows = _requests(community).filter(created_at__gte=since, created_at__lt=until)
    gathered = Gathered(since, until, [], held)
    wholes = _wholes(community, setting.within)
    found = {
        one.key: one
        for query in (rows, _requests(community).filter(pk__in=held))
        for one in _messages(query, wholes, gathered, pack_of(community))
    }
    likes = _likes(community, since, until, found.keys())
    for key, supporters in likes.items():
        found[key] = replace(found[key], likes=len(supporters))
        for supporter in supporters:
            found.pop(supporter, None)
    return replace(gathered, messages=list(found.values()), held=held & found.keys())


def _requests(community: Community) -> QuerySet[Matter]:
    rows = Matter.objects.filter(community=community, procedure="casework")
    rows = rows.exclude(audience=Audience.NAMED).exclude(stage="withdrawn")
    return rows.exclude(servicerequest__is_part=True)


def _messages(
    rows: QuerySet[Matter], wholes: dict[int, str], gathered: Gathered, pack: PackContent
) -> Iterable[Message]:
    text = Substr("text", 1, LONGEST_TEXT)
    columns = ("pk", "title", text, "created_at", "reporter", "area", "category")
    for pk, title, said, at, reporter, area, category in rows.values_list(*columns).iterator(2_000):
        areas = None
        if category in pack.categories:
            gathered.kinds[pk] = pack.categories[category].parent or category
        if area is not None:
            gathered.grids[pk] = str(area)
            areas = frozenset({wholes.get(area, SOMEWHERE)})
        yield Message(pk, title, said, at, reporter, 0, areas)


def _wholes(community: Community, kind: str | None) -> dict[int, str]:
    """Return the area of the given kind that each area lies in; no entry where in none."""
    if kind is None:
        return {}
    above: dict[int, tuple[int | None, str]] = {
        pk: (parent, own)
        for pk, parent, own in Area.objects.filter(community=community).values_list(
            "pk", "parent", "kind"
        )
    }
    found = {}
    for area in above:
        at: int | None = area
        while at is not None and above[at][1] != kind:
            at = above[at][0]
        if at is not None:
            found[area] = str(at)
    return found


def _likes(
    community: Community, since: datetime, until: datetime, among: Iterable[int]
) -> dict[int, list[int]]:
    """Return who joined each request as a supporter, of those that are looked at."""
    known = set(among)
    begun = Event.objects.filter(community=community, kind="casework.supported")
    begun = begun.filter(at__gte=since, at__lt=until)
    links = MatterLink.objects.filter(
        kind=MatterLink.Kind.DUPLICATE_OF, source__in=begun.values("matter")
    ).exclude(source__stage="withdrawn")
    found: dict[int, list[int]] = {}
    for source, target in links.order_by("pk").values_list("source", "target"):
        if target in known and source != target:
            found.setdefault(target, []).append(source)
    return found


def _held(community: Community, since: datetime) -> list[int]:
    """Return the reports that topics of the month which run arose from, the newest first."""
    links = MatterLink.objects.filter(
        kind=MatterLink.Kind.ARISES_FROM,
        source__procedure="monthly_topic",
        source__community=community,
        source__closed_at__isnull=True,
        target__procedure="casework",
    )
    newest = links.order_by("-target__created_at", "-target")
    return list(newest.values_list("target", flat=True).distinct()[:MOST_HELD])
