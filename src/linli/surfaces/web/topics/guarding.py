"""Who opens the pages of hot topics, and which topic an address names."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from linli.mechanisms.casework.hot_topics.reading import topic_seen
from linli.mechanisms.casework.hot_topics.seeing import sees_topics
from linli.surfaces.web.workbench.guarding import staff_only

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from linli.mechanisms.casework.hot_topics.models import HotTopic
    from linli.surfaces.web.workbench.guarding import Desk


def for_topics(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a page to dispatchers, supervisors and secretaries; the view takes a `Desk`."""

    @staff_only
    @wraps(view)
    def guarded(request: HttpRequest, desk: Desk, *args: Any, **kwargs: Any) -> HttpResponse:
        if not sees_topics(desk.person, desk.community):
            raise PermissionDenied
        return view(request, desk, *args, **kwargs)

    return guarded


def topic_or_404(desk: Desk, uuid: UUID) -> HotTopic:
    """Return a topic of which the person sees enough; others are not there."""
    topic = topic_seen(desk.person, desk.community, uuid)
    if topic is None:
        raise Http404
    topic.community = desk.community
    return topic
