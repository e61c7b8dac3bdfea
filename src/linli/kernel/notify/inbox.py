"""A person's notices on the site: the newest, how many are unread, marking them read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from linli.kernel.notify.models import Channel, Notice
from linli.kernel.notify.texts import Text, compose_all

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from linli.kernel.people.models import Person

PAGE = 20
MOST_COUNTED = 100  # beyond this the exact number helps nobody


def notices_of(person: Person) -> QuerySet[Notice]:
    """Return the notices in a person's inbox, newest first, with all that their texts need."""
    rows = Notice.objects.filter(person=person, channel=Channel.SITE)
    related = ("person", "matter__pack", "matter__community", "event__answerable")
    return rows.select_related(*related).order_by("-created_at", "-pk")


def page_of(
    person: Person, language: str, before: str = ""
) -> tuple[list[tuple[Notice, Text]], str]:
    """Return a page of the inbox with its texts, and where the next one begins, "" at the end.

    ``before``: the uuid of the last notice of the page above. Four queries at most.
    """
    rows = notices_of(person)
    if before:
        last = Notice.objects.filter(person=person, uuid=before).values("created_at", "pk").first()
        if last is not None:
            older = Q(created_at__lt=last["created_at"])
            rows = rows.filter(older | Q(created_at=last["created_at"], pk__lt=last["pk"]))
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    texts = compose_all(shown, language)
    following = str(shown[-1].uuid) if len(found) > PAGE else ""
    return [(notice, texts[notice.pk]) for notice in shown], following


def unread_count(person: Person) -> int:
    """Return how many notices a person has not read, at most `MOST_COUNTED`."""
    rows = Notice.objects.filter(person=person, channel=Channel.SITE, read_at__isnull=True)
    return len(rows.values_list("pk", flat=True)[:MOST_COUNTED])


def mark_read(person: Person, uuid: UUID | None = None) -> int:
    """Mark one notice of a person's as read, or all; return how many were unread."""
    rows = Notice.objects.filter(person=person, channel=Channel.SITE, read_at__isnull=True)
    if uuid is not None:
        rows = rows.filter(uuid=uuid)
    return rows.update(read_at=timezone.now())
