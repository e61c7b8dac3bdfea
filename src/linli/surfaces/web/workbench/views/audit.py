"""Records: what was administered, and who looked at whose contact data and why."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.kernel.access.models import AuditEntry
from linli.kernel.events.pages import newest_first
from linli.kernel.people.models import ContactReveal
from linli.surfaces.web.workbench.guarding import Desk, needs, typed

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

LOOKS = "looks"
FILTERS = ("what", "who", "since", "until")
# In plain words; what is not named here is shown as it stands in the log.
ACTIONS = {
    "token.issued": _("Key for machines issued"),
    "people.created": _("Account created"),
    "people.post_given": _("Post given"),
    "people.post_ended": _("Post ended"),
    "people.opened": _("Account opened again"),
    "people.closed": _("Account closed"),
    "people.password_replaced": _("Password replaced"),
    "organisations.created": _("Organisation created"),
    "organisations.changed": _("Organisation changed"),
    "organisations.moved": _("Organisation moved"),
    "organisations.dissolved": _("Organisation dissolved"),
    "federations.created": _("Federation created"),
    "federations.joined": _("Seat in a federation given"),
    "federations.left": _("Seat in a federation ended"),
    "figures.exported": _("Figures exported"),
    "inbox.exported": _("Inbox exported"),
    "supervision.exported": _("List of the supervisor exported"),
    "communities.created": _("Community set up"),
    "export": _("Matters taken along"),
    "notices.tried_again": _("Notice sent once more"),
    "people.administrator_created": _("Administrator created"),
    "people.contact_set": _("Own contact data changed"),
    "people.contact_deleted": _("Own contact data deleted"),
    "people.contact_verified": _("Own contact data confirmed"),
    "people.renamed": _("Shown name changed"),
    "people.exported": _("Own data taken along"),
    "people.erased": _("Person forgotten at their wish"),
    "people.password_reset": _("Password reset"),
    "people.sign_in_failed": _("Sign-in failed"),
    "people.locked_out": _("Sign-in locked after wrong tries"),
    "triage.model_taken": _("Model of suggestions chosen"),
    "triage.model_let_go": _("Model of suggestions left to the nights"),
    "hot_topic.hidden": _("Hot topic hidden"),
    "hot_topic.shown_again": _("Hot topic shown again"),
    "hot_topic.taken_out": _("Report taken out of a hot topic"),
    "hot_topic.put_back": _("Report put back into a hot topic"),
    "letter.taken_in": _("E-mail put aside taken in"),
    "letter.dropped": _("E-mail put aside deleted"),
    "mailbox.added": _("Mailbox added"),
    "mailbox.removed": _("Mailbox removed"),
    "open_data.prepared": _("Open data prepared"),
    "open_data.seen": _("Open data looked at by a first person"),
    "open_data.released": _("Open data released"),
    "open_data.refused": _("Open data not released"),
    "open_data.corrected": _("Open data corrected"),
    "paper.made": _("Letter written"),
    "views.installed": _("Views for analysts installed"),
    "views.removed": _("Views for analysts removed"),
    "views.granted": _("Analysts let in"),
    "views.revoked": _("Analysts let in no more"),
    "webhook.added": _("Webhook added"),
    "webhook.removed": _("Webhook removed"),
    "webhook.secret_rotated": _("Webhook secret replaced"),
}


@require_safe
@needs("read_audit")
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A page of the log of the community, or of the looks at contact data."""
    values = {name: typed(request, name) for name in FILTERS}
    looks = values["what"] == LOOKS
    rows = _looks(desk) if looks else _entries(desk)
    rows = _narrowed(rows, "revealed_to" if looks else "actor", values)
    page, after = newest_first(rows, typed(request, "after"))
    address = f"{reverse('desk:audit')}?{urlencode({k: v for k, v in values.items() if v})}"
    told: dict[str, Any] = {
        "section": "audit",
        "values": values,
        "looks": page if looks else None,
        "entries": None if looks else [(entry, ACTIONS.get(entry.action)) for entry in page],
        "narrowed": any(values[name] for name in ("who", "since", "until")),
        "next": f"{address}&{urlencode({'after': after})}" if after else "",
        "first": address if typed(request, "after") else "",
    }
    return render(request, "workbench/audit.html", told)


def _entries(desk: Desk) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(community=desk.community).select_related("actor")


def _looks(desk: Desk) -> QuerySet[ContactReveal]:
    rows = ContactReveal.objects.filter(matter__community=desk.community)
    return rows.select_related("revealed_to", "matter")


def _narrowed(rows: QuerySet[Any], who: str, values: dict[str, str]) -> QuerySet[Any]:
    """Narrow by the name of who did it and by days; a day that is none is dropped."""
    if values["who"]:
        named = {f"{who}__display_name__icontains": values["who"]}
        rows = rows.filter(Q(**named) | Q(**{f"{who}__username__iexact": values["who"]}))
    for name, lookup, shift in (("since", "at__gte", 0), ("until", "at__lt", 1)):
        try:
            day = date.fromisoformat(values[name]) + timedelta(days=shift)
        except (ValueError, OverflowError):
            values[name] = ""
            continue
        begin = datetime.combine(day, time(), timezone.get_current_timezone())
        rows = rows.filter(**{lookup: begin})
    return rows
