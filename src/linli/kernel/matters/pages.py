"""Pages of matters, newest first, by where the last page ended: as fast at the end as at the
beginning, and nothing is shown twice when new matters come in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from django.db.models import Q

from linli.kernel.matters.models import Matter

if TYPE_CHECKING:
    from django.db.models import QuerySet

Item = TypeVar("Item")
PAGE_SIZE = 20


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page; ``newer`` and ``older`` are the cursors of its neighbours, empty at an end."""

    items: list[Item]
    newer: str = ""
    older: str = ""


def newest_first(rows: QuerySet[Matter], cursor: str = "", size: int = PAGE_SIZE) -> Page[Matter]:
    """Return the page a cursor points to: ``before:NUMBER``, ``after:NUMBER``, or the first.

    An unknown cursor gives the first page. One query, two with a cursor.
    """
    way, _, number = cursor.partition(":")
    anchor = None
    if way in ("before", "after") and number:
        plain = rows.select_related(None).defer(None)
        anchor = plain.filter(number=number.upper()[:24]).first()
    if anchor is None:
        found = first_whole(rows.order_by("-created_at", "-pk"), size + 1)
        return _page(found[:size], newer=False, older=len(found) > size)
    at, pk = anchor.created_at, anchor.pk
    if way == "before":
        below = rows.filter(Q(created_at__lt=at) | Q(pk__lt=pk), created_at__lte=at)
        found = first_whole(below.order_by("-created_at", "-pk"), size + 1)
        return _page(found[:size], newer=True, older=len(found) > size)
    above = rows.filter(Q(created_at__gt=at) | Q(pk__gt=pk), created_at__gte=at)
    found = first_whole(above.order_by("created_at", "pk"), size + 1)
    return _page(found[:size][::-1], newer=len(found) > size, older=True)


def first_whole(rows: QuerySet[Matter], size: int) -> list[Matter]:
    """Return the first rows with all that is joined to them. One query.

    The keys are found first, by the index alone: joined before, thousands would be sorted.
    """
    keys = rows.select_related(None).defer(None).values("pk")[:size]
    joined = Matter.objects.order_by(*rows.query.order_by).filter(pk__in=keys)
    joined.query.select_related = rows.query.select_related
    joined.query.deferred_loading = rows.query.deferred_loading
    return list(joined)


def _page(items: list[Matter], *, newer: bool, older: bool) -> Page[Matter]:
    return Page(
        items,
        newer=f"after:{items[0].number}" if newer and items else "",
        older=f"before:{items[-1].number}" if older and items else "",
    )
