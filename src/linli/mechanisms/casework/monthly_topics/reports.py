"""The reports a topic of the month is about: found at the proposal, added to each night, counted.

Each is a link of the topic's matter (`arises_from`), made by an action, so that figures before and
after can be counted again from what is on record.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from linli.kernel.access.relations import SYSTEM
from linli.kernel.matters.models import Audience, Matter, MatterLink
from linli.kernel.packs.loading import content_of
from linli.kernel.people.models import Person
from linli.kernel.procedures.errors import InvalidFacts, Refused
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.hot_topics.gathering import span_of
from linli.mechanisms.casework.hot_topics.models import TakenOut
from linli.mechanisms.casework.hot_topics.one_topic import reports_of
from linli.mechanisms.casework.hot_topics.reading import topic_seen
from linli.mechanisms.casework.hot_topics.telling import when_counted
from linli.mechanisms.casework.monthly_topics.facts import MOST_REPORTS
from linli.mechanisms.casework.monthly_topics.models import MonthlyTopic
from linli.mechanisms.casework.monthly_topics.stages import RUNNING

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.monthly_topics.facts import Propose

log = logging.getLogger(__name__)
ARISES_FROM = MatterLink.Kind.ARISES_FROM


def reports(main: MonthlyTopic) -> QuerySet[Matter]:
    """Return the reports a topic arose from."""
    return Matter.objects.filter(links_in__source=main.pk, links_in__kind=ARISES_FROM)


def count_before(main: MonthlyTopic, community: Community, day: date, days: int) -> int:
    """Return how many of its reports came in the ``days`` whole days before ``day``. One query."""
    since, until = span_of(community, day, days)
    return reports(main).filter(created_at__gte=since, created_at__lt=until).count()


def by_month(main: MonthlyTopic, community: Community) -> list[tuple[date, int]]:
    """Return its reports by month, the oldest first. One query."""
    month = TruncMonth("created_at", tzinfo=_zone(community))
    rows = reports(main).annotate(month=month).order_by("month").values_list("month")
    return [(at.date(), count) for at, count in rows.annotate(n=Count("pk"))]


def _zone(community: Community) -> ZoneInfo:
    return ZoneInfo(community.timezone)


def reporters(main: MonthlyTopic) -> list[Person]:
    """Return who reported it or joined a report of it, each once. One query."""
    mine = reports(main).values("pk")
    joined = MatterLink.objects.filter(target__in=mine, kind=MatterLink.Kind.DUPLICATE_OF)
    keys = Matter.objects.filter(Q(pk__in=mine) | Q(pk__in=joined.values("source")))
    people = Person.objects.filter(pk__in=keys.values("reporter"), erased_at__isnull=True)
    return list(people.order_by("pk"))


def find(topic: MonthlyTopic, facts: Propose, act: Act) -> list[Matter]:
    """Return the reports a proposal is about, the newest first. Raises InvalidFacts for none."""
    if facts.topic is None:
        if facts.category is None:
            sentence = _("Please choose a category, or begin from a hot topic.")
            raise InvalidFacts({"category": [sentence]})
        days = act.pack.monthly_topics.measured_days
        since, _until = span_of(act.matter.community, act.today, days)
        area = act.refs.get("area")
        rows = _of_category(act.matter.community, facts.category, area.pk if area else None)
        return list(rows.filter(created_at__gte=since).order_by("-pk")[:MOST_REPORTS])
    hot = topic_seen(act.by, act.matter.community, facts.topic) if act.by else None
    if hot is None or act.by is None:
        raise InvalidFacts({"topic": [_("This topic does not exist any more.")]})
    running = MonthlyTopic.objects.filter(topic=hot, matter__stage__in=RUNNING)
    if number := running.values_list("matter__number", flat=True).first():
        sentence = _("There is a topic of the month on this already: %(number)s.")
        raise InvalidFacts({"topic": [sentence % {"number": number}]})
    topic.topic = hot
    return list(reports_of(hot, act.by).order_by("-pk")[:MOST_REPORTS])


def _of_category(community: Community, category: str, area: int | None) -> QuerySet[Matter]:
    """Return the requests of a category, in one area where given; never what is for few."""
    rows = Matter.objects.filter(community=community, procedure="casework", category=category)
    rows = rows.exclude(audience=Audience.NAMED).exclude(stage="withdrawn")
    rows = rows.exclude(servicerequest__is_part=True)
    return rows.filter(area=area) if area else rows


@when_counted
def add_tonight(community: Community, day: date) -> int:
    """Add the reports that came since to each topic that runs; return to how many.

    Safe to run again: what is linked already is not added twice. A refusal concerns one topic.
    """
    rows = MonthlyTopic.objects.filter(matter__community=community, matter__stage__in=RUNNING)
    added = 0
    for main in rows.select_related("matter__pack", "matter__area", "topic").order_by("pk"):
        numbers = list(_new_for(main, community, day))
        if not numbers:
            continue
        try:
            perform(main.matter, "count_reports", by=SYSTEM, facts={"reports": numbers})
            added += 1
        except Refused as refusal:  # it ended meanwhile
            log.info("reports of %s: %s", main.matter.number, refusal.code)
    return added


def _new_for(main: MonthlyTopic, community: Community, day: date) -> QuerySet[Matter, str]:
    """Return the numbers of reports that are of a topic and not linked to it yet. One query."""
    if main.topic is not None:
        rows = Matter.objects.filter(community=community, in_topics__topic=main.topic)
        out = TakenOut.objects.filter(topic=main.topic, matter=OuterRef("pk"))
        rows = rows.exclude(audience=Audience.NAMED).exclude(Exists(out))
    else:
        days = content_of(main.matter.pack).monthly_topics.measured_days
        since, until = span_of(community, day, days)
        rows = _of_category(community, main.matter.category, main.matter.area_id)
        rows = rows.filter(created_at__gte=since, created_at__lt=until)
    linked = MatterLink.objects.filter(source=main.pk, kind=ARISES_FROM, target=OuterRef("pk"))
    new = rows.exclude(Exists(linked)).order_by("pk")
    return new.values_list("number", flat=True)[:MOST_REPORTS]
