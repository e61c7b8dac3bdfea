"""Who opens the pages of hot topics, and which topic an address names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from linli.mechanisms.casework.hot_topics.reading import topic_seen
from linli.mechanisms.casework.hot_topics.seeing import sees_topics
from linli.surfaces.web.workbench.guarding import staff_who

if TYPE_CHECKING:
    from uuid import UUID

    from linli.mechanisms.casework.hot_topics.models import HotTopic
    from linli.surfaces.web.workbench.guarding import Desk


for_topics = staff_who(sees_topics)  # dispatchers, supervisors and secretaries


def topic_or_404(desk: Desk, uuid: UUID) -> HotTopic:
    """Return a topic of which the person sees enough; others are not there."""
    topic = topic_seen(desk.person, desk.community, uuid)
    if topic is None:
        raise Http404
    topic.community = desk.community
    return topic
