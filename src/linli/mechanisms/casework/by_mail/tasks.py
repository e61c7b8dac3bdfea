"""Fetching in the background: the chore looks which mailbox is due, a task speaks to its server."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from linli.kernel.background.chores import also_do
from linli.kernel.mail.models import Mailbox
from linli.mechanisms.casework.by_mail.fetching import EVERY, fetch

REST = 5.0  # seconds


@task()
def fetch_mailbox(pk: int) -> None:
    """Fetch from one mailbox, unless it was paused or removed meanwhile."""
    rows = Mailbox.objects.select_related("community__pack")
    mailbox = rows.filter(pk=pk, active=True).first()
    if mailbox is not None:
        fetch(mailbox)


def fetch_due() -> int:
    """Queue a task for every mailbox that is due; return how many. Safe in several workers."""
    now, queued = timezone.now(), 0
    due = Mailbox.objects.filter(active=True, next_fetch_at__lte=now)
    for pk in list(due.values_list("pk", flat=True)):
        # Whoever moves the time on queues the task; the fetch itself sets when the next is due.
        if due.filter(pk=pk).update(next_fetch_at=now + EVERY):
            fetch_mailbox.enqueue(pk)
            queued += 1
    return queued


also_do("fetching e-mail", REST, fetch_due)
