"""Taking due notices so that no other worker takes them, and giving back what came of them.

A claim is a lease: `LEASE` after it was taken, a notice that was neither settled nor given back
(its worker was killed) is due again. Each claim counts as a try, so that a notice which kills
its worker does not do so for ever.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from linli.kernel.notify.channels import Came, Outcome
from linli.kernel.notify.models import Channel, Notice, PushSubscription, WebhookEndpoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

LEASE = timedelta(minutes=3)  # longer than any sending may last
TRIES = 9
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 10 * 3600.0  # seconds; the pauses add up to about 17 hours
LOOKED_AT = 200
HANDS_FOR_ONE_ENDPOINT = 2  # one that hangs does not hold up the others


def due(now: datetime | None = None) -> QuerySet[Notice]:
    """Return the notices that may be tried now, those of paused webhooks aside."""
    now = now or timezone.now()
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    rows = Notice.objects.filter(free, state=Notice.State.WAITING, next_attempt_at__lte=now)
    return rows.exclude(endpoint__active=False)


def claim(
    free: Mapping[str, int], at_endpoints: Mapping[int, int], now: datetime | None = None
) -> list[Notice]:
    """Claim due notices, oldest first, and return them with all that sending them needs.

    ``free``: how many may be taken for each channel. ``at_endpoints``: how many are under way to
    each webhook.
    """
    now = now or timezone.now()
    channels = [channel for channel, number in free.items() if number > 0]
    full = [key for key, number in at_endpoints.items() if number >= HANDS_FOR_ONE_ENDPOINT]
    rows = due(now).filter(channel__in=channels)
    if full:
        rows = rows.exclude(endpoint__in=full)
    if not rows.exists():  # no transaction for nothing: this is asked several times a second
        return []
    with transaction.atomic():
        rows = rows.select_for_update(skip_locked=True, of=("self",)).order_by("next_attempt_at")
        waiting = rows.values_list("pk", "channel", "endpoint_id")[:LOOKED_AT]
        keys = _chosen(waiting, free, at_endpoints)
        claimed = Notice.objects.filter(pk__in=keys)
        claimed.update(claimed_until=now + LEASE, attempts=F("attempts") + 1)
    related = ("person", "matter__pack", "matter__community", "matter__responsible", "endpoint",
               "event__answerable", "event__organisation", "event__matter__community",
               "event__matter__responsible")  # fmt: skip
    return list(Notice.objects.filter(pk__in=keys).select_related(*related).order_by("pk"))


def _chosen(
    waiting: Iterable[tuple[int, str, int | None]],
    free: Mapping[str, int],
    at_endpoints: Mapping[int, int],
) -> list[int]:
    taken: Counter[str] = Counter()
    there = Counter(dict(at_endpoints))
    keys = []
    for key, channel, endpoint in waiting:
        if taken[channel] >= free.get(channel, 0):
            continue
        if endpoint is not None and there[endpoint] >= HANDS_FOR_ONE_ENDPOINT:
            continue
        taken[channel] += 1
        if endpoint is not None:
            there[endpoint] += 1
        keys.append(key)
    return keys


def settle(notice: Notice, outcome: Outcome, now: datetime | None = None) -> None:
    """Write what came of a claimed notice, unless another worker has claimed it meanwhile."""
    now = now or timezone.now()
    held = Notice.objects.filter(
        pk=notice.pk, state=Notice.State.WAITING, claimed_until=notice.claimed_until
    )
    changed: dict[str, object] = {"claimed_until": None, "last_error": outcome.reason[:300]}
    if outcome.came is Came.DELIVERED:
        changed |= {"state": Notice.State.DELIVERED, "delivered_at": now, "last_error": ""}
    elif outcome.came is Came.SKIPPED:
        changed |= {"state": Notice.State.SKIPPED}
    elif outcome.came is Came.REFUSED or notice.attempts >= TRIES:
        changed |= {"state": Notice.State.DEAD}
    else:
        pause = outcome.retry_after or pause_after(notice.attempts)
        changed |= {"next_attempt_at": now + timedelta(seconds=min(pause, LONGEST_PAUSE))}
    held.update(**changed)
    if outcome.gone_browsers:
        PushSubscription.objects.filter(pk__in=outcome.gone_browsers).delete()
    if outcome.gone_endpoint:
        WebhookEndpoint.objects.filter(notices=notice).update(active=False)


def pause_after(tries: int) -> float:
    """Return how long to wait after so many tries, in seconds: four times longer each, ± 25 %."""
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 4 ** max(0, tries - 1))
    return pause * random.uniform(0.75, 1.25)  # noqa: S311 - spreads, does not protect


def give_back(notices: Iterable[Notice]) -> None:
    """Give up claims on notices that were not tried."""
    for notice in notices:
        rows = Notice.objects.filter(pk=notice.pk, claimed_until=notice.claimed_until)
        rows.update(claimed_until=None, attempts=F("attempts") - 1)


def try_again(notices: QuerySet[Notice]) -> int:
    """Let given-up and waiting notices be tried at once, with all tries before them."""
    again = notices.filter(state__in=(Notice.State.DEAD, Notice.State.WAITING))
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=timezone.now())
    return again.filter(free).exclude(channel=Channel.SITE).update(
        state=Notice.State.WAITING, attempts=0, next_attempt_at=timezone.now(), claimed_until=None
    )  # fmt: skip
