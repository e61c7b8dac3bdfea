"""The reporter's contact data: masked, and shown in full only for a reason that is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.kernel.people import contacts
from linli.kernel.people.models import Contact
from linli.kernel.people.secrets import ValueErased
from linli.mechanisms.casework.shielding import reporter_hidden_from
from linli.surfaces.web.workbench.guarding import Desk, staff_only
from linli.surfaces.web.workbench.showing import reads_private_words

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.matters.models import Matter

SHORTEST_REASON, LONGEST_REASON = 4, 300


@dataclass(frozen=True)
class ReporterContact:
    """What the page shows of a reporter: each kind with its label and value."""

    hidden: bool = False  # from whoever belongs to the organisation complained of
    may_reveal: bool = False
    lines: list[tuple[str, str, str, bool]] = field(default_factory=list)


def contact_of(
    desk: Desk, matter: Matter, revealed: dict[str, str] | None = None
) -> ReporterContact | None:
    """Return the contact lines of a matter's reporter; None where there is no reporter."""
    if matter.reporter is None:
        return None
    if reporter_hidden_from(desk.person, matter):
        return ReporterContact(hidden=True)
    masked = contacts.masked_contacts(matter.reporter)
    lines = [
        (
            kind,
            str(Contact.Kind(kind).label),
            (revealed or {}).get(kind, mask),
            kind in (revealed or {}),
        )
        for kind, mask in masked.items()
    ]
    return ReporterContact(False, desk.can("reveal_contact"), lines)


def may_reveal(desk: Desk, matter: Matter) -> bool:
    """Whether contact data of the reporter of a matter may be shown in full to who sits there."""
    return (
        desk.can("reveal_contact")
        and reads_private_words(desk.person, matter)
        and not reporter_hidden_from(desk.person, matter)
    )


@require_POST
@staff_only
def reveal(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Show one value in full, once; who looked and why is kept and shown to the person."""
    from linli.surfaces.web.workbench.views.matter import Refusal, matter_or_404, page

    matter = matter_or_404(desk, number)
    if matter.reporter is None or not may_reveal(desk, matter):
        raise PermissionDenied
    kind = request.POST.get("kind", "")
    reason = request.POST.get("reason", "").replace("\x00", "").strip()

    def refuse(sentence: str, status: int) -> HttpResponse:
        return page(request, desk, matter, refusal=Refusal(sentence, status, reason=reason))

    if kind not in Contact.Kind.values:
        return refuse(_("Please choose what to show."), 422)
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        return refuse(_("Please say in a few words why you need it."), 422)
    try:
        value = contacts.reveal_contact(
            matter.reporter, kind, by=desk.person, reason=reason, matter=matter
        )
    except (Contact.DoesNotExist, ValueErased, LookupError):
        return refuse(_("There is no such value, or it was erased."), 404)
    return page(request, desk, matter, revealed={kind: str(value)})
