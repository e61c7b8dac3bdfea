"""A unit that was dissolved leaves nothing behind: its open requests go to who stands above it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.relations import SYSTEM as LINLI
from linli.kernel.matters.models import Matter
from linli.kernel.organisations.models import Membership
from linli.kernel.organisations.tree import parent_of
from linli.kernel.procedures.errors import InvalidFacts, Refused
from linli.kernel.procedures.facts import NoFacts
from linli.kernel.procedures.performing import perform
from linli.mechanisms.casework.escalating import RUNNING
from linli.mechanisms.casework.intake import desk_of
from linli.mechanisms.casework.stages import OPEN_WITH_UNIT, SYSTEM, procedure

if TYPE_CHECKING:
    from datetime import datetime

    from linli.kernel.organisations.models import Organisation
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest

log = logging.getLogger(__name__)
BATCH = 500


@procedure.action(
    at=RUNNING,
    to=("=", "received"),
    by=SYSTEM,
    label=_("Pass on what a dissolved unit had"),
    past="unit_dissolved",
    happened=_("The unit was dissolved; it was passed on"),
    hidden=True,
)
def pass_on_from_dissolved(request: ServiceRequest, facts: NoFacts, act: Act) -> None:
    """It goes to the nearest unit above with somebody to handle it, else back to the desk.

    Clocks run on: the reporter waits no longer because an office was closed. What was already
    reported as done, or is under review, keeps its stage.
    """
    gone, desk = act.matter.responsible, act.matter.desk
    if not any(one is not None and one.dissolved_on for one in (gone, desk)):
        raise InvalidFacts({"__all__": [gettext("Its unit still stands.")]})
    if desk is not None and desk.dissolved_on:
        desk = desk_of(act.matter.community)
        act.set(desk=desk)
    act.go_to(act.matter.stage)
    if gone is None or not gone.dissolved_on:
        act.tell_role(desk, "dispatcher")
        return
    heir = _with_handlers_above(act, gone)
    act.add_facts(was=gone.name, now=heir.name if heir else "")
    if request.bound_to_id == gone.pk:
        request.bound_to = heir
    if heir is not None or act.matter.stage not in OPEN_WITH_UNIT:
        act.set(responsible=heir or desk)
        act.tell_role(heir or desk, "handler")
    else:
        act.set(responsible=None)
        act.stop_clock("accept", cancelled=True)
        act.go_to("received")
        act.start_clock("triage")
        act.tell_role(desk, "dispatcher")


def _with_handlers_above(act: Act, unit: Organisation) -> Organisation | None:
    """Return the nearest standing unit above in which somebody handles requests."""
    roles = act.pack.roles_including("handler")
    above = parent_of(unit)
    while above is not None:
        posts = Membership.objects.current().filter(organisation=above, role__in=roles)
        if above.dissolved_on is None and posts.exists():
            return above
        above = parent_of(above)
    return None


def pass_on_what_dissolved_units_had(now: datetime | None = None) -> int:
    """Pass on open requests of dissolved units and desks; return how many were.

    Safe in several workers: under the lock the action looks again.
    """
    now = now or timezone.now()
    gone = Q(responsible__dissolved_on__isnull=False) | Q(desk__dissolved_on__isnull=False)
    rows = Matter.objects.filter(
        gone, procedure=procedure.name, closed_at__isnull=True, stage__in=RUNNING
    )
    done = 0
    for matter in rows.order_by("pk")[:BATCH]:
        try:
            perform(matter, "pass_on_from_dissolved", by=LINLI, at=now)
            done += 1
        except Refused as refusal:  # another worker was faster
            log.info("matter %s of a dissolved unit: %s", matter.pk, refusal.code)
    return done
