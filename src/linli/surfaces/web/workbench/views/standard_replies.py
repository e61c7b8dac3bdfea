"""Standard replies: the list, writing one, changing, retiring and bringing back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel.organisations.models import Organisation
from linli.mechanisms.casework.standard_replies.keeping import (
    FOR_ALL,
    NotKept,
    keep_reply,
    may_change,
    replies_for,
    set_retired,
    units_to_write_for,
)
from linli.mechanisms.casework.standard_replies.models import LONGEST, StandardReply
from linli.mechanisms.casework.standard_replies.variables import VARIABLES
from linli.surfaces.web.workbench.guarding import Desk, staff_only

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


class ReplyForm(forms.Form):
    """A standard reply as it is written; ``seen`` is the version that was read."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=80)
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Places in braces are filled in; see the list below."),
    )  # fmt: skip
    organisation = forms.ChoiceField(label=gettext_lazy("For whom"))
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {
            str(unit.uuid): unit for unit in units_to_write_for(desk.person, desk.community)
        }
        choices = [
            (key, _("%(unit)s and all below it") % {"unit": unit.name})
            for key, unit in self.units.items()
        ]
        if desk.can(FOR_ALL):
            choices.insert(0, ("all", _("The whole community")))
        self.fields["organisation"].choices = choices  # type: ignore[attr-defined]

    def unit(self) -> Organisation | None:
        """Return the unit chosen, None for the whole community; call after `is_valid()`."""
        return self.units.get(self.cleaned_data["organisation"])


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The replies one can use, and writing a new one."""
    form = ReplyForm(desk, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reply = StandardReply(
            community=desk.community,
            organisation=form.unit(),
            title=form.cleaned_data["title"],
            text=form.cleaned_data["text"],
        )
        if _kept(desk, reply, form, None):
            messages.success(request, _("The reply “%(title)s” is kept.") % {"title": reply.title})
            return redirect("desk:replies")
    rows = list(replies_for(desk.person, desk.community))
    told = {
        "section": "replies",
        "form": form,
        "rows": [(reply, may_change(desk.person, reply)) for reply in rows if not reply.retired_at],
        "retired": [(reply, may_change(desk.person, reply)) for reply in rows if reply.retired_at],
        "variables": VARIABLES.items(),
    }
    return render(request, "workbench/replies.html", told, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def change(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Change one; what somebody else changed meanwhile is not written over unseen."""
    reply = _reply_or_404(desk, uuid)
    if request.method == "POST":
        form = ReplyForm(desk, request.POST)
        if form.is_valid():
            reply.title, reply.text = form.cleaned_data["title"], form.cleaned_data["text"]
            reply.organisation = form.unit()
            if _kept(desk, reply, form, form.cleaned_data["seen"] or 0):
                messages.success(request, _("The change is kept."))
                return redirect("desk:replies")
            reply = _reply_or_404(desk, uuid)
    else:
        form = ReplyForm(desk, initial=_values(reply))
    told = {"section": "replies", "reply": reply, "form": form, "variables": VARIABLES.items()}
    return render(request, "workbench/reply.html", told, status=422 if form.errors else 200)


@require_POST
@staff_only
def retire(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Retire one, or bring it back (``retired``: 1 or 0)."""
    reply = _reply_or_404(desk, uuid)
    retired = request.POST.get("retired") != "0"
    try:
        set_retired(desk.person, reply, retired)
    except NotKept as refused:
        messages.error(request, refused.sentence)
    else:
        told = _("It is retired.") if retired else _("It is offered again.")
        messages.success(request, told)
    return redirect("desk:replies")


def _reply_or_404(desk: Desk, uuid: UUID) -> StandardReply:
    """Return a reply the person may change; others are not there."""
    reply = replies_for(desk.person, desk.community).filter(uuid=uuid).first()
    if reply is None or not may_change(desk.person, reply):
        raise Http404
    return reply


def _values(reply: StandardReply) -> dict[str, Any]:
    where = str(reply.organisation.uuid) if reply.organisation else "all"
    return {"title": reply.title, "text": reply.text, "organisation": where, "seen": reply.version}


def _kept(desk: Desk, reply: StandardReply, form: ReplyForm, seen: int | None) -> bool:
    try:
        keep_reply(desk.person, reply, seen=seen)
    except NotKept as refused:
        form.add_error(refused.field or None, refused.sentence)
        return False
    return True
