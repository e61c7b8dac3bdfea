"""What the page of one topic reads. Each function states how many queries it costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from linli.kernel.matters.pages import newest_first
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.hot_topics.gathering import span_of
from linli.mechanisms.casework.hot_topics.models import HotTopic, TakenOut
from linli.mechanisms.casework.hot_topics.reading import Line, lines_of
from linli.mechanisms.casework.hot_topics.seeing import members_seen, reports_seen

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.kernel.matters.models import Matter
    from linli.kernel.matters.pages import Page
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person
    from linli.kernel.places.models import Area
    from linli.mechanisms.casework.hot_topics.models import TopicHeat

HISTORY_DAYS = 90


@dataclass(frozen=True)
class Narrowed:
    """Which reports of a topic are listed; nothing set is all of them."""

    category: str = ""
    area: Area | None = None
    days: int = 0
    page: str = ""

    @property
    def given(self) -> bool:
        """Whether anything is left out."""
        return bool(self.category or self.area or self.days)


def line_of(topic: HotTopic, person: Person, community: Community) -> Line:
    """Return a topic as a person sees it. At most six queries."""
    setting = pack_of(community).hot_topics
    span = span_of(community, topic.counted_on, setting.days)
    return lines_of([topic], members_seen(person, community), span, setting)[0]


def reports_of(
    topic: HotTopic, person: Person, narrowed: Narrowed | None = None
) -> QuerySet[Matter]:
    """Return the reports of a topic that a person sees."""
    rows = reports_seen(person, topic.community).filter(in_topics__topic=topic)
    if narrowed is None:
        return rows
    if narrowed.category:
        rows = rows.filter(category=narrowed.category)
    if narrowed.area is not None:
        rows = rows.filter(area=narrowed.area)
    if narrowed.days:
        since, until = span_of(topic.community, topic.counted_on, narrowed.days)
        rows = rows.filter(created_at__gte=since, created_at__lt=until)
    return rows


def report_page(topic: HotTopic, person: Person, narrowed: Narrowed) -> Page[Matter]:
    """Return a page of the reports of a topic, newest first. One query, two with a cursor."""
    rows = reports_of(topic, person, narrowed)
    related = rows.select_related("responsible", "area", "servicerequest").defer("area__boundary")
    return newest_first(related, narrowed.page)


def history_of(topic: HotTopic) -> list[TopicHeat]:
    """Return how hot a topic was, day by day, the oldest first. One query."""
    since: date = topic.counted_on - timedelta(days=HISTORY_DAYS)
    return list(topic.history.filter(day__gt=since).order_by("day"))


def taken_out_of(topic: HotTopic, person: Person) -> list[TakenOut]:
    """Return what staff took out of a topic, as far as a person sees it. One query."""
    mine = reports_seen(person, topic.community)
    rows = topic.taken_out.filter(matter__in=mine.order_by().values("pk"))
    return list(rows.select_related("matter", "by").order_by("-at"))
