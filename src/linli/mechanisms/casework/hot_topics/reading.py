"""What the list of hot topics reads. Each function states how many queries it costs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q

from linli.engines.similarity.heat import Heat, heat_of
from linli.engines.similarity.naming import trimmed
from linli.engines.similarity.topics import Message
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.hot_topics.gathering import span_of
from linli.mechanisms.casework.hot_topics.models import (
    HotTopic,
    TopicHeat,
    TopicMember,
    TopicNight,
)
from linli.mechanisms.casework.hot_topics.seeing import FEWEST_SEEN, members_seen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community
    from linli.kernel.packs.schema import HotTopicsSetting
    from linli.kernel.people.models import Person
    from linli.kernel.places.models import Area

PAGE = 20
COLD = Heat(0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to. ``days``: 0 for all the days that are looked at."""

    category: str = ""
    area: Area | None = None
    days: int = 0
    hidden: bool = False
    page: int = 0


@dataclass
class Line:
    """A topic as one person sees it: figures of the reports in that person's charge.

    ``before``: reports in as many days before; None where not known.
    """

    topic: HotTopic
    name: str = ""
    reports: int = 0
    people: int = 0
    first: datetime | None = None
    last: datetime | None = None
    areas: list[tuple[str, str, int]] = field(default_factory=list)  # uuid, name, reports
    categories: list[tuple[str, int]] = field(default_factory=list)
    heat: Heat = COLD
    likes: int = 0
    whole: bool = True
    before: int | None = None

    @property
    def trend(self) -> int | None:
        """How many reports more than before."""
        return None if self.before is None else self.reports - self.before


@dataclass(frozen=True)
class Listed:
    """A page of topics, hottest first."""

    lines: list[Line]
    since: datetime
    until: datetime
    newer: bool
    older: bool


def topics_on(person: Person, community: Community, day: date, asked: Asked) -> Listed:
    """Return a page of the topics counted on a day. At most nine queries."""
    setting = pack_of(community).hot_topics
    since, until = span_of(community, day, asked.days or setting.days)
    seen = members_seen(person, community)
    rows = HotTopic.objects.filter(
        _has_some(seen, asked, since),
        community=community,
        counted_on=day,
        hidden_at__isnull=not asked.hidden,
    ).order_by("-heat", "pk")
    start = asked.page * PAGE
    found = list(rows[start : start + PAGE + 1])
    lines = lines_of(found[:PAGE], seen, (since, until), setting)
    _look_back(lines, seen, day, asked.days, setting.days)
    return Listed(lines, since, until, newer=asked.page > 0, older=len(found) > PAGE)


def _has_some(seen: QuerySet[TopicMember], asked: Asked, since: datetime) -> Q:
    """Return the condition on topics: enough of it is seen, and something that was asked for."""
    fitting = seen.filter(topic=OuterRef("pk"))
    narrowed = fitting.filter(matter__created_at__gte=since)
    if asked.category:
        narrowed = narrowed.filter(matter__category=asked.category)
    if asked.area is not None:
        narrowed = narrowed.filter(matter__area=asked.area)
    enough = fitting.order_by().values("topic").annotate(n=Count("pk")).filter(n__gte=FEWEST_SEEN)
    return Q(Exists(narrowed), Exists(enough))


def topic_seen(person: Person, community: Community, uuid: UUID) -> HotTopic | None:
    """Return a topic of which a person sees enough, or None. One query."""
    seen = members_seen(person, community)
    everything = datetime.min.replace(tzinfo=UTC)
    rows = HotTopic.objects.filter(_has_some(seen, Asked(), everything), community=community)
    return rows.filter(uuid=uuid).select_related("hidden_by").first()


def lines_of(
    topics: Sequence[HotTopic],
    seen: QuerySet[TopicMember],
    span: tuple[datetime, datetime],
    setting: HotTopicsSetting,
) -> list[Line]:
    """Return topics with the figures of what is seen of them. At most six queries."""
    lines = {topic.pk: Line(topic) for topic in topics}
    if not lines:
        return []
    mine = seen.filter(topic__in=list(lines))
    within = mine.filter(matter__created_at__gte=span[0], matter__created_at__lt=span[1])
    for row in _summed(within):
        line = lines[row["topic"]]
        line.reports, line.people = row["reports"], row["people"] + row["nameless"]
        line.first, line.last = row["first"], row["last"]
    _name(lines, mine)
    _place(lines, within)
    _warm(lines, mine, span[1], setting)
    return list(lines.values())


def _summed(rows: QuerySet[TopicMember]) -> QuerySet[Any, Any]:
    return (
        rows.order_by()
        .values("topic")
        .annotate(
            reports=Count("pk"),
            people=Count("matter__reporter", distinct=True),
            nameless=Count("pk", filter=Q(matter__reporter__isnull=True)),
            first=Min("matter__created_at"),
            last=Max("matter__created_at"),
        )
    )


def _name(lines: dict[int, Line], mine: QuerySet[TopicMember]) -> None:
    """Name each topic by the most central report that is seen. Two queries."""
    ranks = mine.order_by().values("topic").annotate(first=Min("rank"), many=Count("pk"))
    central = Q(pk__in=[])
    for row in ranks:
        central |= Q(topic=row["topic"], rank=row["first"])
        lines[row["topic"]].whole = row["many"] == lines[row["topic"]].topic.reports
    rows = TopicMember.objects.filter(central)
    for topic, title, text in rows.values_list("topic", "matter__title", "matter__text"):
        lines[topic].name = trimmed(title) or trimmed(text)


def _place(lines: dict[int, Line], within: QuerySet[TopicMember]) -> None:
    """Say where each topic lies and what it is about, the most frequent first. Two queries."""
    many = Count("pk")
    areas = within.order_by().values_list("topic", "matter__area__uuid", "matter__area__name")
    for topic, uuid, name, count in areas.annotate(n=many).order_by("-n", "matter__area__name"):
        if uuid is not None:
            lines[topic].areas.append((str(uuid), name, count))
    kinds = within.order_by().values_list("topic", "matter__category")
    for topic, category, count in kinds.annotate(n=many).order_by("-n", "matter__category"):
        if category:
            lines[topic].categories.append((category, count))


def _warm(
    lines: dict[int, Line],
    mine: QuerySet[TopicMember],
    until: datetime,
    setting: HotTopicsSetting,
) -> None:
    """Give each topic its heat; where only a part is seen, that of the part. At most one query."""
    parts = [key for key, line in lines.items() if not line.whole]
    said: dict[int, list[Message]] = defaultdict(list)
    columns = ("topic", "matter", "matter__created_at", "matter__reporter", "likes", "matter__area")
    rows = mine.filter(topic__in=parts).values_list(*columns) if parts else ()
    for topic, matter, at, reporter, likes, area in rows:
        areas = frozenset({str(area)}) if area else None
        said[topic].append(Message(matter, "", "", at, reporter, likes, areas))
    half_life = timedelta(days=setting.half_life_days)
    for key, line in lines.items():
        topic = line.topic
        line.likes = sum(one.likes for one in said[key]) if key in said else topic.likes
        line.heat = (
            heat_of(said[key], now=until, half_life=half_life)
            if key in said
            else Heat(topic.voices, topic.support, topic.spread)
        )


def _look_back(
    lines: Sequence[Line], seen: QuerySet[TopicMember], day: date, days: int, all_days: int
) -> None:
    """Say how many reports there were in as many days before. At most two queries.

    For all the days that is what was counted then, which only those see who see the whole.
    """
    topics = {line.topic.pk: line for line in lines}
    if not topics:
        return
    community = lines[0].topic.community
    if days and 2 * days <= all_days:
        since, until = span_of(community, day - timedelta(days=days), days)
        rows = seen.filter(topic__in=list(topics), matter__created_at__gte=since)
        rows = rows.filter(matter__created_at__lt=until).order_by()
        counts = dict(rows.values_list("topic").annotate(n=Count("pk")))
        for key, line in topics.items():
            line.before = counts.get(key, 0)
    elif not days:
        then = day - timedelta(days=all_days)
        kept = TopicHeat.objects.filter(topic__in=list(topics), day=then)
        counts = dict(kept.values_list("topic", "reports"))
        was_counted = bool(counts) or TopicNight.objects.filter(
            community=community, day=then, counted_at__isnull=False
        ).exists()  # fmt: skip
        for key, line in topics.items():
            if line.whole and was_counted:
                line.before = counts.get(key, 0)
