"""E-mail that was not taken in: why, what it says, taking it in by hand or dropping it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel.access.reach import Conflicts
from linli.kernel.mail import aside
from linli.kernel.mail.models import Mailbox, SetAside
from linli.kernel.people.contacts import mask
from linli.kernel.people.models import Contact
from linli.kernel.procedures.errors import Refused
from linli.mechanisms.casework.by_mail.by_hand import may_look, take_by_hand
from linli.surfaces.web.workbench.guarding import Desk, staff_who

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

PAGE = 25


# Letters put aside are reports that did not become one: for those who sort reports.
_sorters_only = staff_who(may_look)


@require_safe
@_sorters_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was put aside, newest first, and which mailboxes are held back."""
    rows = aside.set_aside_of(desk.community)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    told = {
        "section": "letters",
        "page": page,
        "rows": [(row, aside.about(row), _sender(row)) for row in page],
        "held_back": Mailbox.objects.filter(community=desk.community, held_back=True),
    }
    return render(request, "workbench/letters.html", told)


@require_safe
@_sorters_only
def letter(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """One of them, as plain text."""
    row = aside.set_aside_of(desk.community).defer(None).filter(uuid=uuid).first()
    return _gone(request) if row is None else _page(request, row)


@require_POST
@_sorters_only
def take_in(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Begin a request from it."""
    row = aside.set_aside_of(desk.community).defer(None).filter(uuid=uuid).first()
    if row is None:
        return _gone(request)
    try:
        matter = take_by_hand(row, by=desk.person)
    except (Conflicts, Refused) as refused:
        return _page(request, row, refused)
    messages.success(request, _("It was taken in. Nobody was written to."))
    return redirect("desk:matter", number=matter.number)


@require_POST
@_sorters_only
def drop(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Delete it."""
    row = aside.set_aside_of(desk.community).filter(uuid=uuid).first()
    if row is None:
        return _gone(request)
    aside.drop(row, by=desk.person)
    messages.success(request, _("The letter was deleted."))
    return redirect("desk:letters")


def _page(request: HttpRequest, row: SetAside, refused: Refused | None = None) -> HttpResponse:
    told = {
        "section": "letters",
        "row": row,
        "about": aside.about(row),
        "sender": _sender(row),
        "words": aside.words_of(row),
        "refused": refused,
    }
    return render(request, "workbench/letter.html", told, status=refused.status if refused else 200)


def _gone(request: HttpRequest) -> HttpResponse:
    """A colleague has dealt with it, or its days are over: the list says what is left."""
    messages.info(request, _("This letter is not here any more."))
    return redirect("desk:letters")


def _sender(row: SetAside) -> str:
    sender = aside.about(row).sender
    return mask(Contact.Kind.EMAIL, sender) if sender else ""
