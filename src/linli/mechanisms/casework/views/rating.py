"""The questions alone, by a secret link from a message: no account, one answer, the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.kernel.procedures.errors import Refused
from linli.kernel.procedures.forms import form_for
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.asking_back import answer_given
from linli.mechanisms.casework.next_steps import where_it_stands
from linli.mechanisms.casework.stages import procedure
from linli.mechanisms.casework.views.tracking import Own, secret

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from linli.kernel.procedures.forms import FactsForm


def answer_questions(request: HttpRequest, own: Own) -> HttpResponseBase:
    """Ask, or take the answer; who comes too late is told which answer counts."""
    if request.method != "POST":
        return _page(request, own)
    matter = own.matter
    form = form_for(procedure.actions["rate"], matter, request.POST.copy())
    if matter.stage != "solved" or request.POST.get("round", "") != _round(own):
        return _page(request, own, form, status=409)
    form.data[form.add_prefix("through")] = "link"  # type: ignore[index]
    if not form.is_valid():
        return _page(request, own, form, status=422)
    try:
        perform(
            matter,
            "rate",
            by=own.person,
            facts=form.facts(own.person),
            key=form.cleaned_data.get("key") or None,
        )
    except Refused as refused:
        form.refuse(refused)
        matter.refresh_from_db()
        return _page(request, own, form, status=refused.status)
    return redirect(f"{own.url('rating')}?done=1")


def _round(own: Own) -> str:
    """Name the round the questions belong to: what is done again is asked about anew."""
    done = own.matter.servicerequest.solved_at
    return done.isoformat() if done else ""


def _page(
    request: HttpRequest, own: Own, refused: FactsForm | None = None, status: int = 200
) -> HttpResponseBase:
    matter = own.matter
    asked = matter.stage == "solved"
    form = refused or (form_for(procedure.actions["rate"], matter) if asked else None)
    told: dict[str, Any] = {
        "section": "mine",
        "own": own,
        "matter": matter,
        "request_detail": matter.servicerequest,
        "form": form if asked else None,
        "round": _round(own),
        "url": own.url("rating"),
        "stands": where_it_stands(matter),
        "given": None if asked and matter.servicerequest.rated_at is None else answer_given(matter),
        "asked": asked,
        "done": status == 200 and bool(request.GET.get("done")),
        "too_late": status == 409,
        "whole_url": own.url(),
    }
    if status == 409 and asked and refused is not None:
        # The unit worked on it again since the page was opened: these questions are new ones.
        refused.data[refused.add_prefix("version")] = str(matter.version)  # type: ignore[index]
        refused.add_error(None, _("It was worked on again meanwhile. Please answer anew."))
    return render(request, "casework/rating.html", told, status=status)


rating = require_http_methods(["GET", "HEAD", "POST"])(secret(answer_questions))
