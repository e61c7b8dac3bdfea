"""The list of whistles, whistling, reporting in with one tap, and how departments stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.indicators.models import PendingEvent
from linli.kernel.matters.models import Matter
from linli.kernel.matters.queries import in_charge, visible_to
from linli.kernel.procedures.errors import InvalidFacts, Refused
from linli.kernel.procedures.forms import start_form
from linli.kernel.procedures.performing import available_starts, begin, perform
from linli.mechanisms.whistle.attendance import summed
from linli.mechanisms.whistle.calling import callable_departments, whistling_organisation
from linli.mechanisms.whistle.queries import (
    lines_by_whistle,
    may_read,
    to_answer,
    whistle_of,
    whistles_for,
)
from linli.mechanisms.whistle.standing import standings
from linli.surfaces.web.whistles.panel import table_of
from linli.surfaces.web.workbench.asking import asked_for, months_offered, name_of
from linli.surfaces.web.workbench.asking import label_of as month_label
from linli.surfaces.web.workbench.filters import as_fields
from linli.surfaces.web.workbench.guarding import Desk, staff_only, typed
from linli.surfaces.web.workbench.showing import due

if TYPE_CHECKING:
    from django.http import HttpRequest

    from linli.kernel.procedures.declaration import Action
    from linli.kernel.procedures.forms import FactsForm
    from linli.mechanisms.whistle.attendance import Attendance
    from linli.mechanisms.whistle.standing import Standing
    from linli.surfaces.web.workbench.asking import AskedFigures

# In the order one thinks when it presses.
ORDER = ("case", "what", "place", "departments", "meet_at", "why", "about", "publish",
         "public_title")  # fmt: skip


@require_safe
@staff_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits for my answer on top, then the whistles I have to do with."""
    page = whistles_for(desk.person, desk.community, typed(request, "page"))
    lines = lines_by_whistle(page.items)
    told = {
        "section": "whistles",
        "rows": [(one, summed(lines[one.pk])) for one in page.items],
        "newer": f"?page={page.newer}" if page.newer else "",
        "older": f"?page={page.older}" if page.older else "",
        "may_whistle": _start(desk) is not None,
        **_mine(desk),
    }
    return render(request, "whistles/show.html", told)


@require_safe
@staff_only
def mine(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Only what waits for my answer: what the list keeps fresh while it is looked at."""
    return render(request, "whistles/mine.html", _mine(desk))


def _mine(desk: Desk) -> dict[str, Any]:
    def told(line: Attendance) -> dict[str, Any]:
        clock = due(line.matter, line.due_at, line.matter.due_clock)
        return {"line": line, "clock": clock, "key": uuid4().hex}

    return {"to_answer": [told(line) for line in to_answer(desk.person, desk.community)]}


@require_safe
@staff_only
def table(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Only the table of those called: what the page keeps fresh while it is looked at."""
    matter = Matter.objects.filter(community=desk.community, number=number.upper()).first()
    whistle = whistle_of(matter) if matter else None
    if matter is None or whistle is None:
        raise Http404
    open_to_all = visible_to(None, desk.community).filter(pk=whistle.pk).exists()
    if not open_to_all and not may_read(desk.person, whistle):
        raise Http404
    return render(request, "whistles/table.html", table_of(desk, whistle))


@require_POST
@staff_only
def report_in(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """One tap: we are here. Nothing typed can be lost, so no version is compared."""
    calls = in_charge(desk.person, desk.community).filter(procedure="whistle_call")
    matter = calls.filter(number=number.upper()).first()
    if matter is None:
        raise Http404
    given = {name: request.POST.get(name, "")[:40] for name in ("how", "longitude", "latitude")}
    facts = {name: value for name, value in given.items() if value}
    key = request.POST.get("key", "")[:100] or None
    try:
        perform(matter, "report_in", by=desk.person, facts=facts, key=key)
    except Refused as refused:
        messages.error(request, _why(refused))
    else:
        messages.success(request, _("You have reported in. Thank you."))
    return redirect("desk:matter", number=matter.number)


def _why(refused: Refused) -> str:
    if isinstance(refused, InvalidFacts):
        return " ".join(text for texts in refused.errors.values() for text in texts)
    return refused.sentence


# --- whistling ------------------------------------------------------------------------------
def _start(desk: Desk) -> Action | None:
    return next(iter(available_starts("whistle", desk.community, desk.person)), None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The form; sent twice it whistles once."""
    start = _start(desk)
    if start is None:
        raise PermissionDenied
    if request.method != "POST":
        about = {"about": typed(request, "about", 24)}
        return _form(request, desk, start_form(start, desk.community, initial=about))
    form = start_form(start, desk.community, request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, desk, form, 422)
    try:
        event = begin(
            "whistle", start.name, community=desk.community, by=desk.person,
            facts=form.facts(by=desk.person), key=form.cleaned_data.get("key") or None,
        )  # fmt: skip
    except Refused as refused:
        form.refuse(refused)
        return _form(request, desk, form, refused.status)
    messages.success(request, _("Whistled. Everyone called is being told now."))
    return redirect("desk:matter", number=event.matter.number)


def _form(request: HttpRequest, desk: Desk, form: FactsForm, status: int = 200) -> HttpResponse:
    own = whistling_organisation(desk.person, desk.community)
    departments = callable_departments(desk.community).exclude(pk=own.pk)
    choices: Any = form.fields["departments"]
    choices.choices = [(str(one.uuid), one.name) for one in departments]
    told = {
        "section": "whistles",
        "form": form,
        "fields": [form[name] for name in ORDER],
        "own": own,
        "nobody": not choices.choices,
    }
    return render(request, "whistles/new.html", told, status=status)


# --- figures --------------------------------------------------------------------------------
@require_safe
@staff_only
def figures(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How departments stand; each number opens to its events."""
    asked = asked_for(request, desk)
    months = [(name_of(month), month_label(month)) for month in months_offered()[::-1]]
    fields = (("since", _("From month"), months), ("until", _("To month"), months))
    told = {
        "section": "whistles",
        "rows": [(one, _cells(asked, one)) for one in standings(asked.slice)],
        "fields": as_fields(fields, asked.values),
        "pending": PendingEvent.objects.filter(event__community=desk.community).exists(),
    }
    return render(request, "whistles/figures.html", told)


def _cells(asked: AskedFigures, one: Standing) -> list[tuple[int, str]]:
    own = {"unit": str(one.unit.uuid)} if one.unit else {}
    return [
        (count, f"{reverse('desk:evidence')}?{asked.query(indicator=[name], **own)}")
        for name, count in one.counts.items()
    ]
