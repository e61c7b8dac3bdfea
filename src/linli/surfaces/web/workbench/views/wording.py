"""Help with the words of a reply, before it is sent: a standard reply put in, hints beside it.

Works by plain submission of the very form that sends: nothing is lost and nothing is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from linli.kernel.procedures.declaration import procedure_named
from linli.kernel.procedures.forms import FactsForm, form_for
from linli.kernel.procedures.performing import available_actions
from linli.mechanisms.casework.standard_replies.keeping import replies_for
from linli.mechanisms.casework.standard_replies.variables import filled_in
from linli.mechanisms.casework.standard_replies.words import ACTIONS, Hint, hints_on
from linli.surfaces.web.workbench.filters import by_uuid
from linli.surfaces.web.workbench.guarding import Desk, staff_only
from linli.surfaces.web.workbench.views.matter import matter_or_404, page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.matters.models import Matter

LONGEST_CHECKED = 5_000


@require_POST
@staff_only
def help_with(request: HttpRequest, desk: Desk, number: str, action: str) -> HttpResponse:
    """Put a standard reply into the form (``insert``), or say what could be plainer."""
    matter = matter_or_404(desk, number)
    declared = procedure_named(matter.procedure).actions.get(action)
    if declared is None or action not in ACTIONS:
        raise Http404
    if declared not in available_actions(matter, desk.person):
        return redirect("desk:matter", number=matter.number)
    typed = form_for(declared, matter, request.POST, request.FILES)
    typed.is_valid()
    typed.keep_files(desk.person)
    values = _values(typed)
    if "insert" in request.POST:
        chosen = request.POST.get("standard_reply", "").replace("\x00", "")
        values["text"] = _with_reply(desk, matter, chosen, values["text"])
    form = form_for(declared, matter, initial=values)
    form.kept_uploads = typed.kept_uploads
    if "insert" not in request.POST:
        dated = bool(values.get("promised_on"))
        text = values["text"][:LONGEST_CHECKED]
        form.hints = hints_on(text, matter, action=action, dated=dated) if text else []
        form.hints = form.hints or [_plain_enough()]
    return page(request, desk, matter, form)


def _values(form: FactsForm) -> dict[str, Any]:
    """Return what was typed, as it was typed, right or wrong."""
    names = [name for name in form.fields if form.fields[name].widget.needs_multipart_form is False]
    values = {name: form[name].value() for name in names}
    return {**values, "text": str(values.get("text") or "").replace("\x00", "")}


def _with_reply(desk: Desk, matter: Matter, chosen: str, text: str) -> str:
    usable = replies_for(desk.person, desk.community).filter(retired_at=None)
    reply = by_uuid(usable, chosen)
    if reply is None:
        return text
    return "\n".join(part for part in (text.rstrip(), filled_in(reply.text, matter)) if part)


def _plain_enough() -> Hint:
    from django.utils.translation import gettext as _

    return Hint(_("Nothing to remark: short, plain, and it says what matters."))
