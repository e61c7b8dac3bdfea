"""What people take with them: the letters that reached their matters, and those put aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.kernel.mail.aside import about, words_of
from linli.kernel.mail.models import Arrival, SetAside
from linli.kernel.people.models import Contact
from linli.kernel.people.own_data import section

if TYPE_CHECKING:
    from linli.kernel.people.models import Person


@section("letters")
def letters_of(person: Person) -> Any:
    """Return when letters reached the person's matters, and what became of them."""
    rows = Arrival.objects.filter(matter__reporter=person).select_related("matter").order_by("pk")
    return [
        {"at": row.at, "matter": row.matter.number if row.matter else None, "what": row.outcome,
         "sender_confirmed": row.confirmed, "came_again": row.repeats}
        for row in rows
    ]  # fmt: skip


@section("letters_put_aside")
def put_aside_of(person: Person) -> Any:
    """Return letters from an address the person has proved to be theirs, where its domain
    confirmed them: any other may be somebody else's."""
    proved = Contact.objects.filter(
        person=person, kind=Contact.Kind.EMAIL, verified_at__isnull=False
    ).values_list("blind_index", flat=True)
    rows = SetAside.objects.filter(sender__in=list(proved), arrival__confirmed=True)
    return [
        {"at": row.at, "reason": row.reason, "subject": about(row).subject, "text": words_of(row)}
        for row in rows.exclude(sender="").order_by("pk")
    ]
