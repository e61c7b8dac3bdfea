"""The letter of reply on the workbench: read it, then take it as Word or PDF."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.kernel.access.audit import audit
from linli.kernel.matters.models import Audience
from linli.kernel.notify.readers import absolute
from linli.kernel.papers.pdf import PACKAGES, PdfNotAvailable, told_of, why_no_pdf
from linli.kernel.people import contacts
from linli.kernel.people.models import Contact
from linli.kernel.people.secrets import ValueErased
from linli.mechanisms.casework.letters import (
    is_answered,
    languages_of,
    letter_of,
    may_write_letter,
)
from linli.surfaces.web.papers.handing_out import FORMATS, file_of
from linli.surfaces.web.workbench.guarding import Desk, staff_only
from linli.surfaces.web.workbench.views.contact import (
    LONGEST_REASON,
    SHORTEST_REASON,
    may_reveal,
)
from linli.surfaces.web.workbench.views.matter import matter_or_404

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.matters.models import Matter

REVEALED = (Contact.Kind.NAME, Contact.Kind.ADDRESS)  # what may stand on a letter


@dataclass(frozen=True)
class Asked:
    """What was chosen and typed on the page."""

    language: str
    kind: str = ""
    reveal: list[str] = field(default_factory=list)
    reason: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def letter(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Show the letter; when sent, hand it over as the file wanted."""
    matter = matter_or_404(desk, number)
    if not may_write_letter(desk.person, matter):
        raise PermissionDenied
    if not languages_of(matter):
        raise Http404
    asked = _asked(request, matter)
    if not is_answered(matter):
        sentence = _("There is no reply yet, so there is nothing to write a letter of.")
        return _page(request, desk, matter, asked, sentence, 409)
    if request.method != "POST":
        return _page(request, desk, matter, asked)
    if refusal := _refusal(desk, matter, asked):
        return _page(request, desk, matter, asked, refusal, 422)
    return _made(request, desk, matter, asked)


def _asked(request: HttpRequest, matter: Matter) -> Asked:
    given, known = request.POST or request.GET, languages_of(matter)
    language = given.get("language", "")
    if language not in known:
        language = get_language() or ""
    return Asked(
        language,
        request.POST.get("format", ""),
        [kind for kind in REVEALED if kind in request.POST.getlist("reveal")],
        request.POST.get("reason", "").replace("\x00", "").strip(),
    )


def _refusal(desk: Desk, matter: Matter, asked: Asked) -> str:
    """Return why no letter is made, empty when one is."""
    if asked.kind not in FORMATS:
        return _("Please choose Word or PDF.")
    if not asked.reveal:
        return ""
    if matter.reporter is None or not may_reveal(desk, matter):
        raise PermissionDenied
    if not SHORTEST_REASON <= len(asked.reason) <= LONGEST_REASON:
        return _("Please say in a few words why the name or address must stand on the letter.")
    return ""


def _made(request: HttpRequest, desk: Desk, matter: Matter, asked: Asked) -> HttpResponse:
    if asked.kind == "pdf" and why_no_pdf():
        return _page(request, desk, matter, asked, _no_pdf(), 503)
    found, missing = _contact(desk, matter, asked)
    if missing:
        return _page(request, desk, matter, asked, missing, 404)
    document = letter_of(matter, asked.language, link=link_for_staff(matter), contact=found)
    try:
        answer = file_of(document, asked.kind, f"{matter.number}-letter")
    except PdfNotAvailable:
        return _page(request, desk, matter, asked, _no_pdf(), 503)
    audit("paper.made", desk.person, desk.community, matter.number, paper="reply_letter",
          format=asked.kind, language=document.language, contact=sorted(found))  # fmt: skip
    return answer


def _contact(desk: Desk, matter: Matter, asked: Asked) -> tuple[dict[str, str], str]:
    """Return what may stand on the letter, each look noted, or why it cannot."""
    found: dict[str, str] = {}
    for kind in asked.reveal:
        try:
            found[kind] = contacts.reveal_contact(
                matter.reporter,  # type: ignore[arg-type]
                kind, by=desk.person, reason=asked.reason, matter=matter,
            )  # fmt: skip
        except (Contact.DoesNotExist, ValueErased, LookupError):
            what = Contact.Kind(kind).label
            return {}, _("%(what)s: there is no such value, or it was erased.") % {"what": what}
    return found, ""


def link_for_staff(matter: Matter) -> str:
    """Return the address on a letter that staff make: the public page, or the signed-in one.

    Never the reporter's secret link: with it the unit could rate its own work. A guest whose
    matter is not public has none but that, so there is none on paper.
    """
    if matter.audience == Audience.PUBLIC:
        return absolute(reverse("casework:board_matter", kwargs={"number": matter.number}))
    if matter.reporter is not None and not matter.reporter.is_guest:
        return absolute(reverse("casework:my_matter", kwargs={"number": matter.number}))
    return ""


def _no_pdf() -> str:
    return _(
        "This server cannot make PDF yet. Please take the Word file, or print the page. "
        "Whoever looks after the server finds what is missing with “linli check --deploy”."
    )


def _page(
    request: HttpRequest,
    desk: Desk,
    matter: Matter,
    asked: Asked,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    told: dict[str, Any] = {
        "section": "inbox",
        "matter": matter,
        "asked": asked,
        "refusal": refusal,
        "languages": languages_of(matter),
        "pdf": not why_no_pdf(),
        "packages": PACKAGES,
        "may_reveal": matter.reporter is not None and may_reveal(desk, matter),
        "revealing": [(kind.value, kind.label) for kind in REVEALED],
    }
    if is_answered(matter):
        document = letter_of(matter, asked.language, link=link_for_staff(matter))
        told |= {**told_of(document), "on_screen": True}
    return render(request, "web_papers/letter.html", told, status=status)
