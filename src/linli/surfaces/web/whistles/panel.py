"""The table of those called on the page of a whistle, of a call, and of a duty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.relations import relation_of
from linli.kernel.matters.queries import visible_to
from linli.kernel.procedures.performing import available_actions, available_starts
from linli.mechanisms.whistle.attendance import attendance_of, state_of, summed
from linli.mechanisms.whistle.queries import (
    duties_of,
    may_read,
    supplements_of,
    whistle_of,
)
from linli.mechanisms.whistle.stages import WHISTLER
from linli.surfaces.web.workbench.panels import Offer, Panel, offer, panel
from linli.surfaces.web.workbench.showing import due

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter
    from linli.mechanisms.whistle.attendance import Attendance
    from linli.mechanisms.whistle.models import Whistle
    from linli.surfaces.web.workbench.guarding import Desk


@panel("whistle", "whistle_call", "whistle_duty")
def attendance(desk: Desk, matter: Matter) -> Panel | None:
    """Who was called and who came, the joint record, the duties; the big button for one's own."""
    whistle = whistle_of(matter)
    if whistle is None:
        return None
    told = table_of(desk, whistle)
    if told["private"]:
        told |= {"supplements": supplements_of(whistle), "duties": _duties(whistle)}
    told["mine"] = _mine(desk, matter)
    told["others_url"] = told["whistle_url"] if matter.pk != whistle.pk else ""
    return Panel("whistles/panel.html", told, ("linli/whistles.js",), ("linli/whistles.css",))


def table_of(desk: Desk, whistle: Whistle) -> dict[str, Any]:
    """Return what the table of those called shows; a fixed number of queries."""
    lines = attendance_of(whistle)
    seen = visible_to(desk.person, desk.community)
    keys = [whistle.pk, *(line.call.pk for line in lines)]
    visible = set(seen.filter(pk__in=keys).values_list("pk", flat=True))
    address = reverse("desk:matter", kwargs={"number": whistle.matter.number})
    return {
        "whistle": whistle,
        "rates": bool(relation_of(desk.person, whistle.matter).intersection(WHISTLER)),
        "private": may_read(desk.person, whistle),
        "lines": [_line(line, whistle, linked=line.call.pk in visible) for line in lines],
        "sums": summed(lines),
        "live": whistle.matter.closed_at is None,
        "whistle_url": address if whistle.pk in visible else "",
    }


def _line(line: Attendance, whistle: Whistle, *, linked: bool) -> dict[str, Any]:
    line.matter.community = whistle.matter.community
    return {
        "line": line,
        "clock": due(line.matter, line.due_at, line.matter.due_clock),
        "linked": linked,
    }


def _duties(whistle: Whistle) -> list[Any]:
    found = duties_of(whistle)
    for duty in found:
        duty.matter.community = whistle.matter.community
    return found


def _mine(desk: Desk, matter: Matter) -> dict[str, Any] | None:
    """Return what the big button needs, on the page of a call one can answer."""
    if matter.procedure != "whistle_call":
        return None
    possible = {action.name for action in available_actions(matter, desk.person)}
    if "report_in" not in possible:
        return None
    state = state_of(matter.whistlecall)
    return {
        "number": matter.number,
        "key": uuid4().hex,
        "clock": due(matter, matter.due_at, matter.due_clock),
        "state": state,
        "department": matter.responsible,
    }


@offer
def whistle_about(desk: Desk, matter: Matter) -> Offer | None:
    """Offer to whistle for a matter, to those who may; a whistle calls more on its own page."""
    if matter.procedure.startswith("whistle") or not matter.is_open:
        return None
    if not available_starts("whistle", desk.community, desk.person):
        return None
    address = f"{reverse('whistles:new')}?{urlencode({'about': matter.number})}"
    return Offer(_("Whistle for it"), address, "volume")
