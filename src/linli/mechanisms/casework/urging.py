"""Urging (督办): a supervisor asks for word by a day, and the unit answers within that clock."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Audience
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.facts import Facts, Says, StaffText, VisibleTo
from linli.mechanisms.casework.stages import BEFORE_SOLVED, DESK, SUPERVISOR, UNIT, procedure

if TYPE_CHECKING:
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest

LONGEST = timedelta(days=92)


class Urge(Facts):
    """What the supervisor wants to know, and by when."""

    text: Annotated[StaffText, Says(_("What must be done or answered"))]
    answer_by: Annotated[
        date | None,
        VisibleTo(Audience.STAFF),
        Says(_("Answer by"), _("Leave empty for the usual time.")),
    ] = None


class UrgedAnswer(Facts):
    """The unit's word to the supervisor."""

    text: Annotated[StaffText, Says(_("Answer to the supervisor"))]


def _is_urged(request: ServiceRequest) -> bool:
    return request.matter.clocks.filter(name="urge", stopped_at__isnull=True).exists()


@procedure.action(
    at=BEFORE_SOLVED,
    to="=",
    by=SUPERVISOR,
    label=_("Urge"),
    past="urged",
    happened=_("Urged by the supervisor"),
    audience=Audience.STAFF,
)
def urge(request: ServiceRequest, facts: Urge, act: Act) -> None:
    """The supervisor urges whoever has it in hand; a clock runs until they answer."""
    if facts.answer_by is not None and not act.today <= facts.answer_by <= act.today + LONGEST:
        sentence = gettext("Please name a day from today to three months from now.")
        raise InvalidFacts({"answer_by": [sentence]})
    request.urged += 1
    act.add_facts(times=request.urged)
    act.start_clock("urge", until=facts.answer_by, promise=False)
    if act.matter.responsible is not None:
        act.tell_role(act.matter.responsible, "handler")
    else:
        act.tell_role(act.matter.desk, "dispatcher")


@procedure.action(
    at=BEFORE_SOLVED,
    to="=",
    by=UNIT + DESK,
    label=_("Answer the supervisor"),
    past="urge_answered",
    happened=_("Answered to the supervisor"),
    audience=Audience.STAFF,
    when=_is_urged,
)
def answer_urge(request: ServiceRequest, facts: UrgedAnswer, act: Act) -> None:
    """The unit (or the desk) says what it does about it; the clock stops, kept or broken."""
    if act.clocks.running("urge") is None:
        raise InvalidFacts({"__all__": [gettext("No supervisor waits for an answer.")]})
    act.add_facts(urge_clock=act.clocks.outcome("urge"))
    act.stop_clock("urge")
    for person in _who_urged(act):
        act.tell(person)


def _who_urged(act: Act) -> list:  # type: ignore[type-arg]
    from linli.kernel.people.models import Person

    asked = act.matter.events.filter(kind=f"{act.procedure.name}.urged").order_by("-seq")
    return list(Person.objects.filter(pk__in=asked.values("actor")[:1], is_active=True))
