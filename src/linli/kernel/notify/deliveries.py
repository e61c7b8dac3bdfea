"""What waits to be sent and what was given up, for those who look after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count

from linli.kernel.notify.models import Channel, Notice

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community

SHOWN_STATES = (Notice.State.DEAD, Notice.State.WAITING)


def deliveries(community: Community, state: str = "", channel: str = "") -> QuerySet[Notice]:
    """Return a community's notices that were given up or wait, newest first.

    ``state``: one of `SHOWN_STATES`, both where empty; ``channel``: of `Channel`, all where empty.
    """
    states = [state] if state else list(SHOWN_STATES)
    rows = Notice.objects.filter(community=community, state__in=states)
    if channel:
        rows = rows.filter(channel=channel)
    return rows.select_related("matter", "endpoint").order_by("-created_at", "-pk")


def counts(community: Community) -> dict[str, int]:
    """Return how many notices of a community wait and how many were given up."""
    rows = Notice.objects.filter(community=community, state__in=SHOWN_STATES)
    found = dict(rows.exclude(channel=Channel.SITE).values_list("state").annotate(Count("pk")))
    return {state: found.get(state, 0) for state in SHOWN_STATES}
