"""Taking down what somebody said on the telephone or at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.kernel.procedures.errors import KeyReused, Refused
from linli.kernel.procedures.forms import FactsForm, start_form
from linli.kernel.procedures.performing import available_starts, begin
from linli.mechanisms.casework.forms import asking_more
from linli.mechanisms.casework.queries import sent_before
from linli.surfaces.web.workbench.guarding import Desk, staff_only

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.events.models import Event
    from linli.kernel.procedures.declaration import Action

PROCEDURE, START = "casework", "take_down"
# In the order a conversation goes; the point on the map is found from the address.
ORDER = ("channel", "text", "pictures", "address", "doorway", "name", "phone", "email",
         "category", "urgency", "may_publish")  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The form, and after it the number to tell the caller."""
    starts = available_starts(PROCEDURE, desk.community, desk.person)
    start = next((one for one in starts if one.name == START), None)
    if start is None:
        raise PermissionDenied
    if request.method != "POST":
        return _form(request, start_form(start, desk.community))
    form = start_form(start, desk.community, request.POST, request.FILES)
    if "ask" in request.POST:
        return _form(request, asking_more(form, desk.person))
    if not form.is_valid():
        form.keep_files(desk.person)
        return _form(request, form, 422)
    try:
        event = _begin(desk, start, form)
    except KeyReused as refused:
        if (first := _taken_before(desk, form)) is None:
            form.refuse(refused)
            return _form(request, form, refused.status)
        event = first
    except Refused as refused:
        form.refuse(refused)
        return _form(request, form, refused.status)
    return render(request, "workbench/taken_down.html", _told(request, event))


def _begin(desk: Desk, start: Action, form: FactsForm) -> Event:
    return begin(
        PROCEDURE,
        start.name,
        community=desk.community,
        by=desk.person,
        facts=form.facts(by=desk.person),
        key=form.cleaned_data.get("key") or None,
    )


def _taken_before(desk: Desk, form: FactsForm) -> Event | None:
    """The same form sent twice with pictures is one report (its pictures were stored anew)."""
    event = sent_before(desk.community, desk.person, form.cleaned_data.get("key", ""))
    return event if event is not None and event.action == START else None


def _told(request: HttpRequest, event: Event) -> dict[str, object]:
    from linli.kernel.access.links import link_for, token_of

    matter = event.matter
    link = link_for(matter, matter.reporter) if matter.reporter else None
    address = ""
    if link is not None:
        try:
            path = reverse("casework:tracking", kwargs={"token": token_of(link)})
            address = request.build_absolute_uri(path)
        except NoReverseMatch:
            address = ""
    return {"section": "take_down", "matter": matter, "address": address}


def _form(request: HttpRequest, form: FactsForm, status: int = 200) -> HttpResponse:
    names = [name for name in ORDER if name in form.fields]
    told = {
        "section": "take_down",
        "form": form,
        "fields": [form[name] for name in names],
        "title": _("Take down a report"),
    }
    return render(request, "workbench/take_down.html", told, status=status)
