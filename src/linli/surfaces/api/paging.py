"""Pages by where the last one ended: as fast at the end, and nothing twice or left out."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.kernel.matters.models import Matter
from linli.kernel.matters.pages import first_whole
from linli.kernel.procedures.errors import InvalidFacts

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

Order = Literal["-created_at", "changed_at"]


@dataclass(frozen=True)
class Cursor:
    """The last matter of a page: its time in the order of the list, and its number."""

    at: datetime
    number: str

    def __str__(self) -> str:
        text = f"{self.at.isoformat()} {self.number}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Return the cursor a text stands for. Raises InvalidFacts."""
        try:
            padded = text + "=" * (-len(text) % 4)
            at, _space, number = base64.urlsafe_b64decode(padded).decode().partition(" ")
            found = cls(datetime.fromisoformat(at), number)
        except ValueError:
            raise InvalidFacts({"after": [_("This page does not exist.")]}) from None
        if timezone.is_naive(found.at) or not number.isprintable():
            raise InvalidFacts({"after": [_("This page does not exist.")]})
        return found


def page_of(
    rows: QuerySet[Matter], order: Order, after: str, size: int
) -> tuple[list[Matter], str | None]:
    """Return a page of matters and the cursor of the next one. One query, two with a cursor.

    ``-created_at``: newest first. ``changed_at``: what changed longest ago first, so that who
    copies matters and comes back with the last cursor misses nothing.
    """
    if after:
        rows = _beyond(rows, order, Cursor.read(after))
    by = ("-created_at", "-pk") if order == "-created_at" else ("changed_at", "pk")
    found = first_whole(rows.order_by(*by), size + 1)
    if len(found) <= size:
        return found, None
    last = found[size - 1]
    at = last.created_at if order == "-created_at" else last.changed_at
    return found[:size], str(Cursor(at, last.number))


def _beyond(rows: QuerySet[Matter], order: Order, cursor: Cursor) -> QuerySet[Matter]:
    last = Matter.objects.filter(number=cursor.number).values_list("pk", flat=True).first()
    if last is None:
        raise InvalidFacts({"after": [_("This page does not exist.")]})
    # The plain bound is where the index begins; the choice beside it is exact.
    if order == "-created_at":
        return rows.filter(Q(created_at__lt=cursor.at) | Q(pk__lt=last), created_at__lte=cursor.at)
    return rows.filter(Q(changed_at__gt=cursor.at) | Q(pk__gt=last), changed_at__gte=cursor.at)


def next_page(request: HttpRequest, after: str | None) -> str | None:
    """Return the address of the next page: the same question with another cursor."""
    if not after:
        return None
    query = request.GET.copy()
    query["after"] = after
    return f"{request.path}?{query.urlencode()}"
