"""The inbox, the lists one comes back to, and sending many at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel.access.relations import posts_in
from linli.kernel.matters.inbox import MOST_COUNTED
from linli.kernel.matters.models import Matter, SavedView
from linli.kernel.matters.queries import inbox, visible_to
from linli.kernel.organisations.models import Organisation
from linli.kernel.procedures.declaration import registry
from linli.kernel.procedures.errors import InvalidFacts, Refused
from linli.kernel.procedures.performing import perform
from linli.surfaces.web.workbench.filters import NAMES, asked_for, choices, units, views
from linli.surfaces.web.workbench.guarding import Desk, staff_only, typed
from linli.surfaces.web.workbench.showing import with_packs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MOST_AT_ONCE = 100
MOST_SAVED = 30


@require_safe
@staff_only
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What lies with me, the nearest deadline on top."""
    asked = asked_for(request, desk)
    after = typed(request, "after")
    page = inbox(desk.person, desk.community, asked.filters, after=after, counted=True)
    address = reverse("desk:inbox")
    offered = units(desk)
    told = {
        "section": "inbox",
        "asked": asked,
        "matters": with_packs(page.matters, desk.community),
        "size": page.size,
        "most_counted": MOST_COUNTED,
        "next": f"{address}?{asked.query(after=page.after)}" if page.after else "",
        "first": f"{address}?{asked.query()}" if after else "",
        "fields": choices(desk, asked, offered),
        "views": views(),
        "saved": SavedView.objects.filter(person=desk.person, community=desk.community).order_by(
            "name"
        ),
        "units": [("", offered)] if may_send(desk) else [],
        "batch": uuid4().hex,
        "may_export": desk.can("export"),
    }
    return render(request, "workbench/inbox.html", told)


def may_send(desk: Desk) -> bool:
    """Whether any post of the person's may send a matter to a unit."""
    needed = {
        relation.partition(".")[2]
        for procedure in registry.values()
        for relation in getattr(procedure.actions.get("dispatch"), "by", ())
    }
    return any(post.roles & needed for post in posts_in(desk.person, desk.community))


@dataclass(frozen=True)
class Sent:
    """What became of one of many: ``sentence`` says why it was refused, empty if it went."""

    matter: Matter
    sentence: str


@require_POST
@staff_only
def send(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Send many to one unit; each goes by the same door as one alone, and is told apart."""
    chosen = _chosen(request.POST.getlist("matter"))
    unit = _unit(desk, request.POST.get("to", ""))
    if not chosen or len(chosen) > MOST_AT_ONCE or unit is None:
        if not chosen:
            sentence = _("Nothing was chosen.")
        elif unit is None:
            sentence = _("Please choose the unit to send to.")
        else:
            sentence = _("At most %(most)s at once.") % {"most": MOST_AT_ONCE}
        messages.error(request, sentence)
        return redirect(_back(request))
    batch = request.POST.get("batch", "")[:40] or uuid4().hex
    rows = visible_to(desk.person, desk.community).filter(number__in=chosen).order_by("number")
    results = [
        _send_one(desk, matter, unit, chosen[matter.number], f"{batch}-{matter.pk}")
        for matter in rows
    ]
    went = [result for result in results if not result.sentence]
    told = {
        "section": "inbox",
        "unit": unit,
        "went": went,
        "refused": [result for result in results if result.sentence],
        "missing": len(chosen) - len(results),
        "failed": len(chosen) - len(went),
        "back": _back(request),
    }
    return render(request, "workbench/sent.html", told)


def _back(request: HttpRequest) -> str:
    """Return the list one came from, with its filters."""
    kept = _filters_in(request.POST.get("query", "")).urlencode()
    return reverse("desk:inbox") + (f"?{kept}" if kept else "")


def _filters_in(query: str) -> QueryDict:
    """Return of the query of an address what are filters of the inbox."""
    given = QueryDict(query[:500].replace("\x00", ""), mutable=True)
    for other in set(given) - set(NAMES):
        del given[other]
    return given


def _chosen(values: list[str]) -> dict[str, int]:
    """Read "number:version" of each box that was ticked."""
    found = {}
    for value in values:
        number, _colon, version = value.replace("\x00", "").partition(":")
        if version.isascii() and version.isdecimal() and len(version) < 9:
            found[number[:24]] = int(version)
    return found


def _unit(desk: Desk, value: str) -> Organisation | None:
    try:
        rows = Organisation.objects.standing().filter(community=desk.community, uuid=UUID(value))
    except ValueError:
        return None
    return rows.first()


def _send_one(desk: Desk, matter: Matter, unit: Organisation, version: int, key: str) -> Sent:
    try:
        facts = {"to": str(unit.uuid)}
        perform(matter, "dispatch", by=desk.person, facts=facts, version=version, key=key)
    except InvalidFacts as refused:
        return Sent(matter, " ".join(text for texts in refused.errors.values() for text in texts))
    except Refused as refused:
        return Sent(matter, refused.sentence)
    return Sent(matter, "")


@require_POST
@staff_only
def save_view(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Keep the present filters under a name; the same name is replaced."""
    name = request.POST.get("name", "").replace("\x00", "").strip()[:60]
    given = _filters_in(request.POST.get("query", ""))
    mine = SavedView.objects.filter(person=desk.person, community=desk.community)
    if not name:
        messages.error(request, _("Please give the view a name."))
    elif mine.exclude(name=name).count() >= MOST_SAVED:
        messages.error(request, _("At most %(most)s views can be kept.") % {"most": MOST_SAVED})
    else:
        SavedView.objects.update_or_create(
            person=desk.person, community=desk.community, name=name,
            defaults={"query": given.urlencode()[:500]},
        )  # fmt: skip
        messages.success(request, _("The view “%(name)s” is kept.") % {"name": name})
    return redirect(_back(request))


@require_POST
@staff_only
def forget_view(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
    """Remove a view of one's own."""
    get_object_or_404(SavedView, uuid=uuid, person=desk.person, community=desk.community).delete()
    messages.success(request, _("The view was removed."))
    return redirect("desk:inbox")
