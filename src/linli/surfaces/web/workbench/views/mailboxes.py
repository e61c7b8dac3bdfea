"""Mailboxes residents write to: adding, trying the connection, how they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel.mail import mailboxes
from linli.kernel.mail.conversation import MailFailure
from linli.kernel.mail.models import Mailbox
from linli.mechanisms.casework.by_mail.by_hand import may_look
from linli.surfaces.web.workbench.machines import Machines, administer
from linli.surfaces.web.workbench.mailbox_forms import MailboxForm

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from linli.surfaces.web.workbench.guarding import Desk

boxes = Machines(
    Mailbox,
    "desk:mailboxes",
    mailboxes.set_active,
    mailboxes.remove_mailbox,
    goes_on=_l("It is read again."),
    paused=_l("It is paused; letters wait on the mail server."),
    removed=_l("The mailbox was removed; the matters stay as they are."),
)
set_active, remove = boxes.switching(), boxes.removing()


@require_http_methods(["GET", "HEAD", "POST"])
@administer
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All mailboxes, and adding one."""
    form = MailboxForm(desk, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.carries_out(
        lambda: mailboxes.add_mailbox(desk.community, **form.cleaned_data, by=desk.person)
    ):
        messages.success(request, _("The mailbox was added; its server let us in."))
        return redirect("desk:mailboxes")
    told = {
        "section": "mailboxes",
        "mailboxes": mailboxes.mailboxes_of(desk.community),
        "may_look": may_look(desk.person, desk.community),
        "form": form,
    }
    return render(request, "workbench/mailboxes.html", told, status=422 if form.errors else 200)


@require_POST
@administer
def attempt(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Sign in at the server now and say what came of it."""
    try:
        number = mailboxes.try_connection(boxes.one(desk, uuid))
    except MailFailure as failure:
        messages.error(request, _("It does not work: %(why)s") % {"why": failure})
    else:
        told = ngettext(
            "The connection works; %(number)d letter lies in the folder.",
            "The connection works; %(number)d letters lie in the folder.",
            number,
        )
        messages.success(request, told % {"number": number})
    return redirect("desk:mailboxes")
