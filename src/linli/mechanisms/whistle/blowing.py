"""Whistling, calling more departments, the joint record, what is agreed, closing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.relations import SYSTEM as LINLI
from linli.kernel.events.subscriptions import subscribe
from linli.kernel.matters.models import Attachment, Audience, Matter, MatterLink
from linli.kernel.matters.queries import may_see
from linli.kernel.organisations.models import Organisation
from linli.kernel.places.charge import area_in_charge
from linli.kernel.places.locating import locate
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.performing import begin, perform
from linli.mechanisms.whistle.calling import (
    CLOCK,
    check_departments,
    public_title_of,
    title_of,
    whistling_organisation,
)
from linli.mechanisms.whistle.facts import (
    AgreeDuty,
    Blow,
    CallMore,
    CloseWhistle,
    Record,
    WithdrawWhistle,
)
from linli.mechanisms.whistle.models import Case, WhistleCall
from linli.mechanisms.whistle.stages import MAY_WHISTLE, OPEN, OVERSEER, WHISTLER
from linli.mechanisms.whistle.stages import whistle_procedure as procedure

if TYPE_CHECKING:
    from datetime import date

    from linli.kernel.events.models import Event
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.whistle.models import Whistle

FURTHEST_MEETING, FURTHEST_DUTY = timedelta(days=30), timedelta(days=366)


@procedure.start(
    to="called",
    by=MAY_WHISTLE,
    label=_("Whistle"),
    past="whistled",
    happened=_("Whistled: departments were called"),
    audience=Audience.PUBLIC,
)
def blow(whistle: Whistle, facts: Blow, act: Act) -> None:
    """The secretary of a community or the supervisor of a street calls departments together.

    In three cases: joint enforcement, key work, emergency. Each department is called by a matter
    of its own (`whistle_call.call`) as soon as the whistle is on record.
    """
    if act.by is None or CLOCK not in act.pack.clocks:
        sentence = gettext("The settings of this neighbourhood have no clock for reporting in.")
        raise InvalidFacts({"__all__": [sentence]})
    whistler = whistling_organisation(act.by, act.matter.community)
    check_departments(act.refs["departments"], whistler)
    emergency = facts.case == Case.EMERGENCY.value
    act.set(
        title=title_of(facts.what),
        text=facts.what,
        urgency="emergency" if emergency else "normal",
        desk=whistler,
        responsible=whistler,
        audience=Audience.PUBLIC if facts.publish else Audience.STAFF,
    )
    _meet(whistle, facts, act)
    where = act.matter.area.name if act.matter.area else ""
    act.set(public_title=facts.public_title or public_title_of(facts.case, where))
    whistle.case, whistle.why = facts.case, facts.why or ""
    if about := act.refs.get("about"):
        act.link(MatterLink.Kind.ARISES_FROM, _seen(about, act))


def _meet(whistle: Whistle, facts: Blow, act: Act) -> None:
    if (facts.longitude is None) != (facts.latitude is None):
        raise InvalidFacts({"place": [gettext("A point needs both longitude and latitude.")]})
    if facts.meet_at and not -timedelta(days=1) <= facts.meet_at - act.now <= FURTHEST_MEETING:
        raise InvalidFacts({"meet_at": [gettext("Please choose a time within the next 30 days.")]})
    found = locate(
        act.matter.community,
        longitude=facts.longitude,
        latitude=facts.latitude,
        address=facts.place,
    )
    act.set(area=area_in_charge(found.area) if found.area else None, address_text=facts.place)
    whistle.longitude, whistle.latitude = found.longitude, found.latitude
    whistle.meet_at = facts.meet_at


def _seen(other: Matter, act: Act) -> Matter:
    """Return a matter the whistler may see; another does not exist for them."""
    if not may_see(act.by, other):
        raise InvalidFacts({"about": [gettext("There is no matter with this number.")]})
    return other


@procedure.action(
    at=OPEN,
    to="=",
    by=WHISTLER,
    label=_("Call more departments"),
    past="called_more",
    happened=_("More departments were called"),
    audience=Audience.PUBLIC,
)
def call_more(whistle: Whistle, facts: CallMore, act: Act) -> None:
    """It shows on site that others are needed: they are called with a full clock of their own."""
    called = whistle.calls.values_list("matter__responsible", flat=True)
    check_departments(act.refs["departments"], _desk(act), called=(key for key in called if key))


@subscribe("whistle.whistled")
@subscribe("whistle.called_more")
def call_departments(event: Event) -> None:
    """Call each department by a matter of its own, in the transaction of the whistle."""
    for uuid in dict.fromkeys(event.facts["departments"]):
        begin(
            "whistle_call",
            "call",
            community=event.matter.community,
            by=LINLI,
            facts={"whistle": event.matter.number, "to": uuid},
            channel=event.matter.channel,
            at=event.at,
        )


@procedure.action(
    at=OPEN,
    to="recorded",
    by=WHISTLER,
    label=_("Write the joint record"),
    past="recorded",
    happened=_("The joint record was written"),
)
def record(whistle: Whistle, facts: Record, act: Act) -> None:
    """What those who were there found; written again, it replaces what stood, which stays in
    the events."""
    whistle.found, whistle.recorded_at = facts.found, act.now
    act.attach(act.refs.get("pictures", []), Attachment.Purpose.DOCUMENT, Audience.PARTIES)
    for call in whistle.calls.select_related("matter__responsible"):
        act.tell_role(call.matter.responsible, "handler")


@procedure.action(
    at=OPEN,
    to="=",
    by=WHISTLER,
    label=_("Agree on a duty"),
    past="duty_agreed",
    happened=_("It was agreed who does what"),
    audience=Audience.PUBLIC,
)
def agree_duty(whistle: Whistle, facts: AgreeDuty, act: Act) -> None:
    """Who does what by when becomes a matter of its own, which that department answers for."""
    if not whistle.calls.filter(matter__responsible=act.refs["who"]).exists():
        raise InvalidFacts({"who": [gettext("This department was not called.")]})
    _check_day(facts.by_when, act.today)
    event = begin(
        "whistle_duty",
        "agree",
        community=act.matter.community,
        by=LINLI,
        facts={"whistle": act.matter.number, **facts.model_dump()},
        at=act.now,
    )
    act.link(MatterLink.Kind.CARRIED_OUT_BY, event.matter)
    act.add_facts(duty=event.matter.number)


def _check_day(day: date, today: date) -> None:
    if day < today:
        raise InvalidFacts({"by_when": [gettext("This day has passed.")]})
    if day > today + FURTHEST_DUTY:
        raise InvalidFacts({"by_when": [gettext("Please choose a day within a year.")]})


@procedure.action(
    at="recorded",
    to="closed",
    by=OVERSEER,
    label=_("Close the whistle"),
    past="closed",
    happened=_("The whistle was closed"),
    audience=Audience.PUBLIC,
    confirm=_("Who has not come by now stands as absent."),
)
def close(whistle: Whistle, facts: CloseWhistle, act: Act) -> None:
    """Closed with a joint record, once each department that came is rated; duties run on."""
    unrated = whistle.calls.filter(matter__stage="present", rated_at__isnull=True)
    names = list(unrated.values_list("matter__responsible__name", flat=True))
    if names:
        sentence = gettext("Please rate first: %(names)s.") % {"names": ", ".join(names)}
        raise InvalidFacts({"__all__": [sentence]})
    whistle.outcome = facts.outcome


@procedure.action(
    at=OPEN,
    to="withdrawn",
    by=OVERSEER,
    label=_("Withdraw the whistle"),
    past="withdrawn",
    happened=_("The whistle was withdrawn"),
    audience=Audience.PUBLIC,
    confirm=_("Everyone called is told that they need not come."),
    danger=True,
)
def withdraw(whistle: Whistle, facts: WithdrawWhistle, act: Act) -> None:
    """A false alarm, or no longer needed: those called are told, with the reason on record."""


@subscribe("whistle.closed")
@subscribe("whistle.withdrawn")
def end_calls(event: Event) -> None:
    """Bring every call to its end: was there, absent, or called off."""
    facts = {"withdrawn": event.action == "withdraw"}
    open_calls = WhistleCall.objects.filter(
        whistle=event.matter_id, matter__closed_at__isnull=True
    ).select_related("matter")
    for call in open_calls.order_by("pk"):
        perform(call.matter, "end", by=LINLI, facts=facts, at=event.at)


def _desk(act: Act) -> Organisation:
    desk = act.matter.desk
    if desk is None:
        raise LookupError("a whistle lies on the desk of who whistled")
    return desk
