"""A request and its parts: which is which, and what waits for what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from linli.kernel.matters.models import Matter, MatterLink
from linli.kernel.procedures.errors import InvalidFacts

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.mechanisms.casework.models import ServiceRequest


def is_whole(request: ServiceRequest) -> bool:
    """Whether a request is a reporter's own, not the part of another."""
    return not request.is_part


def parts_of(matter: Matter) -> QuerySet[Matter]:
    """Return the parts of a request, as they were handed out."""
    mine = {"links_out__target": matter, "links_out__kind": MatterLink.Kind.PART_OF}
    return Matter.objects.filter(**mine).order_by("pk")


def open_parts_of(matter: Matter) -> QuerySet[Matter]:
    """Return the parts that are not done yet."""
    return parts_of(matter).filter(closed_at__isnull=True)


def lead_of(part: Matter) -> Matter | None:
    """Return the request a part belongs to, with the unit that leads, or None. One query."""
    link = MatterLink.objects.filter(source=part, kind=MatterLink.Kind.PART_OF)
    found = link.select_related("target__responsible", "target__desk").first()
    return found.target if found else None


def refuse_for_part(request: ServiceRequest) -> None:
    """Raise InvalidFacts where the request is a part: that is for its lead unit to do."""
    if request.is_part:
        sentence = gettext("This is a part of another matter; the lead unit does this there.")
        raise InvalidFacts({"__all__": [sentence]})


def refuse_while_parts_are_open(matter: Matter) -> None:
    """Raise InvalidFacts, naming them, while other units still work on parts."""
    if numbers := list(open_parts_of(matter).values_list("number", flat=True)):
        sentence = gettext(
            "Parts are still open: %(numbers)s. Wait for them, or do without them and say why."
        )
        raise InvalidFacts({"__all__": [sentence % {"numbers": ", ".join(numbers)}]})
