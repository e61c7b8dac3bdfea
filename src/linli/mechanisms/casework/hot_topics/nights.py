"""The nightly count: each community once a night, each by itself."""

from __future__ import annotations

import logging
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone
from django_tasks import task

from linli.kernel.background.nights import begin_night
from linli.kernel.organisations.models import Community
from linli.mechanisms.casework.hot_topics.counting import count_topics
from linli.mechanisms.casework.hot_topics.models import TopicNight
from linli.mechanisms.casework.hot_topics.telling import counted

if TYPE_CHECKING:
    from datetime import datetime

log = logging.getLogger(__name__)


def begin_nights(now: datetime | None = None) -> int:
    """Enqueue the count of each community whose night it is, once a night; return how many."""
    return begin_night(
        TopicNight, lambda community, day: count_night.enqueue(community.pk, day.isoformat()), now
    )


@task()
def count_night(community_id: int, day: str) -> None:
    """Count the topics of one community; what fails here is its own affair."""
    community = Community.objects.select_related("pack").filter(pk=community_id).first()
    if community is None:
        return
    found = count_day(community, date.fromisoformat(day))
    log.info("%s: %s hot topics", community.code, found)


def count_day(community: Community, day: date) -> int:
    """Count the topics of a day, note that they were, and tell those who go on from it."""
    found = count_topics(community, day)
    TopicNight.objects.update_or_create(
        community=community, day=day, defaults={"counted_at": timezone.now()}
    )
    counted(community, day)
    return found


def last_counted(community: Community) -> date | None:
    """Return the day on which topics were last counted. One query."""
    rows = TopicNight.objects.filter(community=community, counted_at__isnull=False)
    return rows.order_by("-day").values_list("day", flat=True).first()
