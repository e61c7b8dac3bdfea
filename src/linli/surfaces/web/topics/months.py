"""Topics of the month on the workbench: the list, and proposing one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import HiddenInput
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.kernel.matters.pages import newest_first
from linli.kernel.matters.queries import in_charge
from linli.kernel.packs.loading import pack_of
from linli.kernel.procedures.errors import Refused
from linli.kernel.procedures.forms import start_form
from linli.kernel.procedures.performing import available_starts, begin
from linli.mechanisms.casework.hot_topics.one_topic import line_of
from linli.mechanisms.casework.hot_topics.reading import topic_seen
from linli.mechanisms.casework.monthly_topics.queries import Progress, progress_of
from linli.surfaces.web.workbench.guarding import Desk, staff_only, typed
from linli.surfaces.web.workbench.showing import with_packs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.procedures.declaration import Action
    from linli.kernel.procedures.forms import FactsForm
    from linli.mechanisms.casework.hot_topics.reading import Line


@require_safe
@staff_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The topics of the month in one's charge, newest first. A fixed number of queries."""
    rows = in_charge(desk.person, desk.community).filter(procedure="monthly_topic")
    related = rows.select_related("monthlytopic", "responsible", "desk")
    page = newest_first(related, typed(request, "page", 40))
    progress = progress_of(one.pk for one in page.items)
    found = with_packs(page.items, desk.community)
    told = {
        "section": "monthly",
        "rows": [(one, one.monthlytopic, progress.get(one.pk, Progress())) for one in found],
        "newer": f"?page={page.newer}" if page.newer else "",
        "older": f"?page={page.older}" if page.older else "",
        "may_propose": _start(desk) is not None,
        "most": pack_of(desk.community).monthly_topics.most_a_month,
    }
    return render(request, "topics/months.html", told)


def _start(desk: Desk) -> Action | None:
    return next(iter(available_starts("monthly_topic", desk.community, desk.person)), None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Propose one, from a hot topic (``?topic=``) or freely; sent twice it is proposed once."""
    start = _start(desk)
    if start is None:
        raise PermissionDenied
    if request.method != "POST":
        line = _line(desk, typed(request, "topic", 40))
        initial: dict[str, Any] = {}
        if line is not None:
            initial = {"topic": str(line.topic.uuid), "title": line.name}
        return _form(request, desk, start_form(start, desk.community, initial=initial), line)
    form = start_form(start, desk.community, request.POST, request.FILES)
    line = _line(desk, request.POST.get("topic", "").replace("\x00", "")[:40])
    if not form.is_valid():
        return _form(request, desk, form, line, 422)
    try:
        event = begin(
            "monthly_topic", start.name, community=desk.community, by=desk.person,
            facts=form.facts(by=desk.person), key=form.cleaned_data.get("key") or None,
        )  # fmt: skip
    except Refused as refused:
        form.refuse(refused)
        return _form(request, desk, form, line, refused.status)
    messages.success(request, _("Proposed. It can be chosen for a month now."))
    return redirect("desk:matter", number=event.matter.number)


def _line(desk: Desk, given: str) -> Line | None:
    """Return the hot topic an address or a form names, or None."""
    try:
        uuid = UUID(given)
    except ValueError:
        return None
    topic = topic_seen(desk.person, desk.community, uuid)
    if topic is None:
        return None
    topic.community = desk.community
    return line_of(topic, desk.person, desk.community)


def _form(
    request: HttpRequest, desk: Desk, form: FactsForm, line: Line | None, status: int = 200
) -> HttpResponse:
    """Render the form; from a hot topic nothing is asked of category and grid."""
    form.fields["topic"].widget = HiddenInput()
    hidden = ("category", "area") if line is not None else ()
    for name in hidden:
        form.fields[name].widget = HiddenInput()
    told = {
        "section": "monthly",
        "form": form,
        "fields": [form[name] for name in ("title", "why", "category", "area", "topic")],
        "line": line,
        "days": pack_of(desk.community).monthly_topics.measured_days,
    }
    return render(request, "topics/new.html", told, status=status)
