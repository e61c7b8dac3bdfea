"""What is done for each community once a night, in its own zone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from linli.kernel.organisations.models import Community

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from django.db.models import Model

HOURS = range(1, 5)  # in the community's zone


def begin_night(
    nights: type[Model], begin: Callable[[Community, date], object], now: datetime | None = None
) -> int:
    """Begin what is due of each community whose night it is; return for how many.

    ``nights``: a model of ``community`` and ``day``, unique together; whoever writes the row of a
    night begins it, so that several workers begin it once. ``begin`` enqueues, in the same
    transaction.
    """
    now = now or timezone.now()
    begun = 0
    for community in Community.objects.order_by("pk"):
        here = now.astimezone(ZoneInfo(community.timezone))
        if here.hour not in HOURS:
            continue
        with transaction.atomic():
            _night, made = nights._default_manager.get_or_create(
                community=community, day=here.date()
            )
            if made:
                begin(community, here.date())
                begun += 1
    return begun
