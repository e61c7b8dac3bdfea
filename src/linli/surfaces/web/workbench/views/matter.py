"""One matter: its facts, its timeline, and what can be done with it now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q
from django.forms import Textarea, TextInput
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel.access.relations import relation_of
from linli.kernel.deadlines.models import Clock
from linli.kernel.events.timeline import timeline
from linli.kernel.matters.models import Attachment, Matter, MatterLink
from linli.kernel.matters.queries import visible_to
from linli.kernel.places.charge import people_in_charge
from linli.kernel.procedures.errors import ChangedMeanwhile, KeyReused, Refused
from linli.kernel.procedures.forms import FactsForm, form_for
from linli.kernel.procedures.models import Performed
from linli.kernel.procedures.performing import available_actions, perform
from linli.surfaces.web.workbench.alike import MERGE, alike_rows
from linli.surfaces.web.workbench.guarding import Desk, staff_only
from linli.surfaces.web.workbench.panels import offers_on, panel_of
from linli.surfaces.web.workbench.showing import due, reads_private_words
from linli.surfaces.web.workbench.showing_casework import more_of
from linli.surfaces.web.workbench.suggested import filled_in, suggestions
from linli.surfaces.web.workbench.views.contact import contact_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from linli.kernel.events.timeline import Entry
    from linli.kernel.procedures.declaration import Action

RELATED = ("community__pack", "pack", "responsible", "desk", "area", "reporter", "servicerequest")
MOST_LINKS = 12  # a hundred may support one matter
LARGE = ("community__pack__content", "pack__content", "area__boundary")


@dataclass
class Offered:
    """An action as the page offers it; ``open``: its form is shown at once."""

    action: Action
    form: FactsForm
    open: bool = False


@dataclass
class Refusal:
    """Why the last try failed, and what others did meanwhile.

    ``seen``: the version the person had read. ``reason``: what was typed to see contact data.
    """

    sentence: str
    status: int
    seen: int | None = None
    reason: str | None = None


@require_safe
@staff_only
def show(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """The page of a matter."""
    return page(request, desk, matter_or_404(desk, number))


def matter_or_404(desk: Desk, number: str) -> Matter:
    """Return a matter the person may see; others are not there."""
    rows = visible_to(desk.person, desk.community).select_related(*RELATED).defer(*LARGE)
    matter = rows.filter(number=number.upper()).first()
    if matter is None:
        raise Http404
    return matter


def page(
    request: HttpRequest,
    desk: Desk,
    matter: Matter,
    tried: FactsForm | None = None,
    refusal: Refusal | None = None,
    revealed: dict[str, str] | None = None,
) -> HttpResponse:
    """Render a matter, with a form that was refused and keeps what was typed."""
    relations = relation_of(desk.person, matter)
    entries = timeline(matter, desk.person, relations)
    private = reads_private_words(desk.person, matter)
    opened, filled = request.GET.get("open", ""), filled_in(request, matter)
    offered = _offered(matter, desk, tried, opened, filled)
    forms = {one.action.name: one.form for one in offered}
    lost = tried if tried and not any(one.form is tried for one in offered) else None
    told: dict[str, Any] = {
        "section": "inbox",
        "matter": matter,
        "private": private,
        "entries": entries,
        "pictures": _report_pictures(entries),
        "clocks": _clocks(matter),
        "links": _links(matter, desk),
        "alike": alike_rows(desk.person, matter, forms.keys()) if private else [],
        "merge": forms.get(MERGE),
        "suggested": suggestions(matter, [one.action for one in offered]) if private else [],
        "in_charge": people_in_charge(matter.area) if matter.area and private else [],
        "contact": contact_of(desk, matter, revealed) if private else None,
        "moving": [one for one in offered if one.action.to != ("=",)],
        "staying": [one for one in offered if one.action.to == ("=",)],
        "orphan": lost,
        "orphan_typed": _typed(lost) if lost else [],
        **more_of(desk, matter, private=private, offered={one.action.name for one in offered}),
        "refusal": refusal,
        "meanwhile": _meanwhile(entries, refusal),
        "panel": (panel := panel_of(desk, matter)),
        "panel_html": render_to_string(panel.template, panel.told, request) if panel else "",
        "offers": offers_on(desk, matter),
    }
    status = refusal.status if refusal else 200
    return render(request, "workbench/matter.html", told, status=status)


@require_POST
@staff_only
def act(request: HttpRequest, desk: Desk, number: str, action: str) -> HttpResponse:
    """Perform an action; what cannot be done is said, and what was typed is kept."""
    matter = matter_or_404(desk, number)
    declared = next((one for one in _declared(matter) if one.name == action), None)
    if declared is None or declared.hidden:
        raise Http404
    form = form_for(declared, matter, request.POST.copy(), request.FILES)
    if declared not in available_actions(matter, desk.person):
        return _refused_outright(request, desk, matter, form)
    if not form.is_valid() and set(form.errors) - {"version"}:
        form.keep_files(desk.person)
        return page(request, desk, matter, form, Refusal(_("Please check the marked fields."), 422))
    try:
        event = perform(
            matter,
            action,
            by=desk.person,
            facts=form.facts(by=desk.person),
            version=form.cleaned_data.get("version") or 0,
            key=form.cleaned_data.get("key") or None,
        )
    except Refused as refused:
        if isinstance(refused, KeyReused) and _was_done(desk, matter, form):
            return _done(request, declared, matter)
        return _try_again(request, desk, matter_or_404(desk, number), form, refused)
    return _done(request, declared, event.matter)


def _declared(matter: Matter) -> list[Action]:
    from linli.kernel.procedures.declaration import procedure_named

    return list(procedure_named(matter.procedure).actions.values())


def _done(request: HttpRequest, action: Action, matter: Matter) -> HttpResponse:
    messages.success(request, _("Done: %(action)s.") % {"action": action.label})
    return redirect("desk:matter", number=matter.number)


def _was_done(desk: Desk, matter: Matter, form: FactsForm) -> bool:
    """A form with files sent twice stores them anew: the same key, other files, one action."""
    return Performed.objects.filter(
        scope=f"person:{desk.person.pk}",
        key=form.cleaned_data.get("key", ""),
        event__matter=matter,
        event__action=form.action.name,
    ).exists()


def _refused_outright(
    request: HttpRequest, desk: Desk, matter: Matter, form: FactsForm
) -> HttpResponse:
    """Not now, or not this person: ask the door itself for its words."""
    form.is_valid()
    seen = form.cleaned_data.get("version") or 0
    key = form.cleaned_data.get("key") or None
    if key and _was_done(desk, matter, form):
        return _done(request, form.action, matter)
    try:
        perform(matter, form.action.name, by=desk.person, facts={}, version=seen)
    except Refused as refused:
        return _try_again(request, desk, matter, form, refused)
    raise AssertionError("an action that is not offered was performed")


def _try_again(
    request: HttpRequest, desk: Desk, matter: Matter, form: FactsForm, refused: Refused
) -> HttpResponse:
    seen = None
    if isinstance(refused, ChangedMeanwhile):
        seen = form.cleaned_data.get("version") or 0
        form.data[form.add_prefix("version")] = str(refused.current_version)  # type: ignore[index]
    else:
        form.refuse(refused)
    return page(request, desk, matter, form, Refusal(refused.sentence, refused.status, seen))


def _offered(
    matter: Matter,
    desk: Desk,
    tried: FactsForm | None,
    opened: str,
    filled: dict[str, dict[str, str]],
) -> list[Offered]:
    found = []
    for action in available_actions(matter, desk.person):
        if action.hidden:
            continue
        again = tried is not None and tried.action.name == action.name
        chosen = filled.get(action.name)
        form = tried if again and tried is not None else form_for(action, matter, initial=chosen)
        shown = again or chosen is not None or action.name == opened
        found.append(Offered(action, form, shown))
    return found


def _typed(form: FactsForm) -> list[tuple[str, str]]:
    """Return the words in a form that has no place any more, to be copied elsewhere."""
    fields = [
        (field.label, field.value())
        for field in form.facts_fields()
        if isinstance(field.field.widget, TextInput | Textarea)
    ]
    return [(str(label), str(value)) for label, value in fields if value and str(value).strip()]


def _meanwhile(entries: list[Entry], refusal: Refusal | None) -> list[Entry]:
    if refusal is None or refusal.seen is None:
        return []
    return [entry for entry in entries if entry.event.seq > refusal.seen]


def _report_pictures(entries: list[Entry]) -> list[Attachment]:
    return [
        file
        for entry in entries
        for file in entry.attachments
        if file.purpose == Attachment.Purpose.REPORT
    ]


def _clocks(matter: Matter) -> list[dict[str, Any]]:
    rows = Clock.objects.filter(matter=matter, stopped_at__isnull=True).order_by("due_at")
    return [
        {"due": due(matter, row.due_at, row.name), "paused": row.paused_at is not None,
         "promised": row.promised}
        for row in rows
    ]  # fmt: skip


def _links(matter: Matter, desk: Desk) -> list[tuple[str, Matter]]:
    """Return linked matters the person may see, with how this one stands to each: the first few."""
    rows = MatterLink.objects.filter(Q(source=matter) | Q(target=matter)).order_by("pk")
    rows = rows[:MOST_LINKS]
    links = [(row, row.target_id if row.source_id == matter.pk else row.source_id) for row in rows]
    seen = visible_to(desk.person, desk.community).in_bulk([key for _link, key in links])
    incoming = {
        MatterLink.Kind.DUPLICATE_OF: _("has a duplicate"),
        MatterLink.Kind.PART_OF: _("consists of"),
        MatterLink.Kind.ARISES_FROM: _("gave rise to"),
        MatterLink.Kind.CARRIED_OUT_BY: _("carries out"),
    }
    return [
        (
            str(
                row.get_kind_display()
                if row.source_id == matter.pk
                else incoming.get(MatterLink.Kind(row.kind), row.get_kind_display())
            ),
            seen[key],
        )
        for row, key in links
        if key in seen
    ]
