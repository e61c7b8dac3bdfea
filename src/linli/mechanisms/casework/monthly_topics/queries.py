"""What the pages of topics of the month read. Each states how many queries it costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q

from linli.kernel.events.models import Event
from linli.kernel.matters.models import Attachment, Audience, Matter, MatterLink
from linli.kernel.matters.pages import newest_first
from linli.kernel.organisations.models import Organisation
from linli.mechanisms.casework.hot_topics.gathering import span_of
from linli.mechanisms.casework.monthly_topics.models import Measure, MonthlyTopic
from linli.mechanisms.casework.monthly_topics.reports import count_before, reports

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from linli.kernel.matters.pages import Page
    from linli.kernel.organisations.models import Community

RELATED = ("monthlytopic", "responsible", "desk", "area", "pack", "community")
LARGE = ("pack__content", "area__boundary")
FIGURES = ("before", "lately", "after")


@dataclass(frozen=True)
class Progress:
    """Measures of a plan: how many there are, how many are done, reported, late."""

    all: int = 0
    done: int = 0
    reported: int = 0
    late: int = 0

    @property
    def per_cent(self) -> int:
        """The share that is done and was looked at, in per cent."""
        return round(100 * self.done / self.all) if self.all else 0


def progress_of(topics: Iterable[int]) -> dict[int, Progress]:
    """Return how far the measures of several topics are; dropped ones do not count. One query."""
    rows = Measure.objects.filter(main__in=list(topics)).exclude(matter__stage="dropped")
    counted = rows.order_by().values("main").annotate(
        all=Count("pk"),
        done=Count("pk", filter=Q(matter__stage="confirmed")),
        reported=Count("pk", filter=Q(matter__stage="reported_done")),
        late=Count("pk", filter=Q(late=True) & ~Q(matter__stage="confirmed")),
    )  # fmt: skip
    return {
        row["main"]: Progress(row["all"], row["done"], row["reported"], row["late"])
        for row in counted
    }


def measures_of(main: MonthlyTopic) -> list[Measure]:
    """Return the measures of a plan, the first day first. One query."""
    rows = main.measures.select_related("matter__responsible", "matter__pack")
    return list(rows.defer("matter__pack__content").order_by("due_on", "pk"))


def partners_of(main: MonthlyTopic) -> list[Organisation]:
    """Return the units that take part, in the order of the tree. One query at most."""
    keys = [UUID(one) for one in main.partners]
    if not keys:
        return []
    return list(Organisation.objects.filter(uuid__in=keys).order_by("path"))


def main_of(matter: Matter) -> MonthlyTopic | None:
    """Return the topic a matter is, or is a measure of; None for others. One query."""
    keys = {
        "monthly_topic": Q(matter=matter.pk),
        "monthly_measure": Q(measures__matter=matter.pk),
    }
    if matter.procedure not in keys:
        return None
    rows = MonthlyTopic.objects.filter(keys[matter.procedure])
    related = rows.select_related("matter__responsible", "matter__community", "matter__desk")
    return related.select_related("topic").first()


def lately(main: MonthlyTopic, community: Community, today: date) -> int:
    """Return how many of its reports came in the pack's days before today. One query."""
    return count_before(main, community, today, main.measured_days)


def counted_in(
    main: MonthlyTopic, community: Community, figure: str, today: date
) -> QuerySet[Matter]:
    """Return the reports a figure counts: ``before`` the plan, ``lately``, or ``after`` it."""
    until = {"before": main.before_until, "lately": today, "after": main.after_until}[figure]
    if until is None:
        return reports(main).none()
    since, end = span_of(community, until, main.measured_days)
    return reports(main).filter(created_at__gte=since, created_at__lt=end)


def topics_of_report(matter: Matter, *, public: bool) -> list[Matter]:
    """Return the topics of the month a report is of; only public ones where asked. One query."""
    rows = Matter.objects.filter(
        procedure="monthly_topic",
        links_out__target=matter.pk,
        links_out__kind=MatterLink.Kind.ARISES_FROM,
    ).exclude(stage="declined")
    if public:
        rows = rows.filter(audience=Audience.PUBLIC)
    return list(rows.select_related("monthlytopic").order_by("-pk"))


# --- what anyone may see --------------------------------------------------------------------
def public_topics(community: Community) -> QuerySet[Matter]:
    """Return the topics whose plan was published."""
    return Matter.objects.filter(
        community=community, procedure="monthly_topic", audience=Audience.PUBLIC
    )


def topics_of_year(community: Community, year: int) -> list[Matter]:
    """Return the public topics of a year, the newest month first. One query."""
    rows = public_topics(community).filter(monthlytopic__month__year=year)
    related = rows.select_related(*RELATED).defer(*LARGE)
    return list(related.order_by("-monthlytopic__month", "pk"))


def years_with_topics(community: Community) -> list[int]:
    """Return the years that have public topics, the newest first. One query."""
    months = public_topics(community).filter(monthlytopic__month__isnull=False)
    dates = months.dates("monthlytopic__month", "year", order="DESC")
    return [one.year for one in dates]


def public_topic(community: Community, number: str) -> Matter | None:
    """Return one public topic, or None: also when it exists and is not public. One query."""
    rows = public_topics(community).filter(number=number.upper())
    return rows.select_related(*RELATED).defer(*LARGE).first()


def public_reports(rows: QuerySet[Matter], cursor: str) -> tuple[Page[Matter], int]:
    """Return a page of those reports anyone may see, and how many are not. Two or three queries."""
    open_ones = rows.filter(audience=Audience.PUBLIC)
    hidden = rows.exclude(audience=Audience.PUBLIC).count()
    return newest_first(open_ones.select_related("servicerequest"), cursor), hidden


def notes_on(main: MonthlyTopic) -> list[Event]:
    """Return the words on progress, the newest first. One query."""
    rows = Event.objects.filter(matter=main.pk, kind="monthly_topic.progressed")
    return list(rows.select_related("organisation").order_by("-at", "-pk"))


def evidence_of(main: MonthlyTopic) -> int:
    """Return how many pictures and papers were given with progress and measures. One query."""
    of_topic = Q(matter=main.pk) | Q(matter__measure__main=main.pk)
    return Attachment.objects.filter(of_topic).count()
