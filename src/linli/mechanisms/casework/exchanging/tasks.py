"""Exchanging in the background: the chore looks what is due, tasks talk to the servers."""

from __future__ import annotations

from django.core.cache import cache
from django.utils import timezone
from django_tasks import task

from linli.kernel.background.chores import also_do
from linli.kernel.exchange.models import Endpoint, Exchanged
from linli.mechanisms.casework.exchanging.pulling import EVERY, pull
from linli.mechanisms.casework.exchanging.pushing import push_due

REST = 5.0  # seconds
QUEUED = 30  # seconds


@task()
def pull_endpoint(pk: int) -> None:
    """Fetch from one endpoint, unless it was paused or removed meanwhile."""
    endpoint = Endpoint.objects.select_related("community__pack").filter(pk=pk, active=True).first()
    if endpoint is not None:
        pull(endpoint)


@task()
def push_endpoint(pk: int) -> None:
    """Send what waits for one endpoint."""
    endpoint = Endpoint.objects.filter(pk=pk, active=True).first()
    if endpoint is not None:
        push_due(endpoint=endpoint)


def exchange_due() -> int:
    """Queue a task for every endpoint that is due; return how many. Safe in several workers."""
    now, queued = timezone.now(), 0
    due = Endpoint.objects.filter(active=True, next_pull_at__lte=now)
    for endpoint in list(due):
        # Whoever moves the time on queues the task; the fetch itself sets when the next is due.
        mine = due.filter(pk=endpoint.pk).update(next_pull_at=now + EVERY)
        if mine and _concerned(endpoint):
            pull_endpoint.enqueue(endpoint.pk)
            queued += 1
    waiting = Exchanged.objects.filter(
        way=Exchanged.Way.OUT, state=Exchanged.State.WAITING, next_attempt_at__lte=now,
        endpoint__active=True,
    )  # fmt: skip
    for pk in set(waiting.values_list("endpoint", flat=True)):
        # Not again while the last task may still wait; two would do no harm, see `push_due`.
        if cache.add(f"open311-push:{pk}", 1, QUEUED):
            push_endpoint.enqueue(pk)
            queued += 1
    return queued


def exchange_now(endpoint: Endpoint) -> None:
    """Queue fetching from an endpoint, and sending what waits for it, at once."""
    pull_endpoint.enqueue(endpoint.pk)
    push_endpoint.enqueue(endpoint.pk)


def _concerned(endpoint: Endpoint) -> bool:
    """Whether there is anything to ask: new requests, or news of shared ones."""
    shared = endpoint.exchanged.filter(state=Exchanged.State.SHARED)
    return endpoint.pulls or shared.exists()


also_do("exchanging with other cities", REST, exchange_due)
