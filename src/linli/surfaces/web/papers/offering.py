"""What the page of a matter offers here: the letter of reply, and its deadlines as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.mechanisms.casework.letters import is_answered, languages_of, may_write_letter
from linli.surfaces.web.workbench.panels import Offer, offer

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter
    from linli.surfaces.web.workbench.guarding import Desk


@offer
def letter(desk: Desk, matter: Matter) -> Offer | None:
    """Offer the letter of reply once there is something to write."""
    if not (is_answered(matter) and languages_of(matter) and may_write_letter(desk.person, matter)):
        return None
    address = reverse("papers:letter", kwargs={"number": matter.number})
    return Offer(_("Letter of reply (Word, PDF)"), address, "file-text")


@offer
def deadlines(desk: Desk, matter: Matter) -> Offer | None:
    """Offer the deadlines of an open matter for one's own calendar."""
    if matter.closed_at is not None or not may_write_letter(desk.person, matter):
        return None
    address = reverse("papers:deadlines", kwargs={"number": matter.number})
    return Offer(_("Deadlines for my calendar"), address, "calendar")
