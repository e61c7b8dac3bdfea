"""The public account of what cannot be solved now (挂账): with reason, owner and review date.

A unit proposes, a supervisor who is not of the unit decides. While a matter stands on the account
the clock for solving rests and the one for the review runs; a review that does not come climbs as
every clock does. It leaves the account only solved, by its reporter, or with a published reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.deadlines.clocks import calendar_of, due_at
from linli.kernel.events.subscriptions import subscribe
from linli.kernel.matters.models import Audience
from linli.kernel.organisations.tree import parent_of
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.facts import (
    Facts,
    Options,
    OrganisationRef,
    PromisedDate,
    PublicText,
    Refers,
    Says,
    StaffText,
    VisibleTo,
)
from linli.mechanisms.casework.independence import refuse_own_unit
from linli.mechanisms.casework.models import AccountEntry
from linli.mechanisms.casework.resting import rest, run_on
from linli.mechanisms.casework.stages import SUPERVISOR, UNIT, procedure

if TYPE_CHECKING:
    from datetime import date

    from linli.kernel.events.models import Event
    from linli.kernel.organisations.models import Organisation
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest

CLOCK = "review"
AccountReason = Annotated[str, Refers("reason", "on_account"), VisibleTo(Audience.PUBLIC)]


class OnAccount(Facts):
    """Why it cannot be solved now, who owns it, and when that is looked at again."""

    reason: Annotated[AccountReason, Says(_("Reason"))]
    owner: Annotated[
        OrganisationRef, Says(_("Who owns it from now on")), VisibleTo(Audience.PUBLIC)
    ]
    review_on: Annotated[
        PromisedDate | None,
        Says(_("Review on"), _("Within a quarter; empty: at the end of it.")),
    ] = None
    text: Annotated[PublicText, Says(_("Explanation"), _("The reporter and the public read this."))]


class Decline(Facts):
    """Why it does not go on the account."""

    grounds: Annotated[StaffText, Says(_("Grounds"))]


class Review(Facts):
    """What the review found."""

    outcome: Annotated[
        Literal["kept", "moved"],
        Says(_("Outcome")),
        Options((
            ("kept", _("Stays on the account, next review in a quarter")),
            ("moved", _("Stays on the account, next review on another day")),
        )),
        VisibleTo(Audience.PUBLIC),
    ]  # fmt: skip
    review_on: Annotated[PromisedDate | None, Says(_("Next review on"))] = None
    text: Annotated[PublicText, Says(_("What was found, and why it cannot be solved yet"))]


class TakeOff(Facts):
    """Why it leaves the account unsolved."""

    text: Annotated[PublicText, Says(_("Reason for taking it off the account"))]


@procedure.action(
    at="in_hand",
    to="=",
    by=UNIT,
    label=_("Propose for the public account"),
    past="account_proposed",
    happened=_("Proposed for the public account of what cannot be solved now"),
    audience=Audience.STAFF,
)
def propose_account(request: ServiceRequest, facts: OnAccount, act: Act) -> None:
    """The unit says what stands in the way; only a supervisor decides, meanwhile clocks run."""
    if _current(act) is not None:
        raise InvalidFacts({"__all__": [gettext("It is proposed already; a decision is due.")]})
    _review_day(facts.review_on, act)
    AccountEntry.objects.create(
        state=AccountEntry.State.PROPOSED, **_stated(facts, act), proposed_by=act.by
    )
    act.tell_role(_above(act), "supervisor")


@procedure.action(
    at="in_hand",
    to="on_account",
    by=SUPERVISOR,
    label=_("Put on the public account"),
    past="put_on_account",
    happened=_("Put on the public account of what cannot be solved now"),
    audience=Audience.PUBLIC,
    confirm=_("The clock for solving rests; reason, owner and review date are published."),
)
def put_on_account(request: ServiceRequest, facts: OnAccount, act: Act) -> None:
    """A supervisor, not of the unit, decides; reason, owner and review date are public."""
    refuse_own_unit(act.by, act.matter.responsible, act.matter)
    day = _review_day(facts.review_on, act)
    entry = _current(act)
    stated = {**_stated(facts, act), "state": AccountEntry.State.OPEN, "review_on": day}
    if entry is None:
        AccountEntry.objects.create(**stated)
    else:
        AccountEntry.objects.filter(pk=entry.pk).update(**stated)
    request.asked = ""
    rest(act)
    act.start_clock(CLOCK, until=day)
    act.add_facts(review=day.isoformat())
    act.tell(request.reporter)
    act.tell_role(act.refs["owner"], "handler")


@procedure.action(
    at="in_hand",
    to="=",
    by=SUPERVISOR,
    label=_("Decline the public account"),
    past="account_declined",
    happened=_("Does not go on the public account"),
    audience=Audience.STAFF,
)
def decline_account(request: ServiceRequest, facts: Decline, act: Act) -> None:
    """The supervisor finds that it can be solved: the unit goes on, its clock never stopped."""
    entry = _current(act)
    if entry is None:
        raise InvalidFacts({"__all__": [gettext("Nobody proposed it for the account.")]})
    refuse_own_unit(act.by, act.matter.responsible, act.matter)
    AccountEntry.objects.filter(pk=entry.pk).update(
        state=AccountEntry.State.DECLINED, left_at=act.now
    )
    act.tell_role(act.matter.responsible, "handler")


@procedure.action(
    at="on_account",
    to="=",
    by=SUPERVISOR,
    label=_("Note the review"),
    past="account_reviewed",
    happened=_("Looked at again: it stays on the public account"),
    audience=Audience.PUBLIC,
)
def review_account(request: ServiceRequest, facts: Review, act: Act) -> None:
    """Each quarter: it stays, or is reviewed on another day, each with a published reason.

    What can be solved by now is reported done by the unit, or taken off the account.
    """
    refuse_own_unit(act.by, act.matter.responsible, act.matter)
    if facts.outcome == "moved" and facts.review_on is None:
        raise InvalidFacts({"review_on": [gettext("Please give the day of the next review.")]})
    if facts.outcome == "kept" and facts.review_on is not None:
        sentence = gettext("A day belongs to “next review on another day” alone.")
        raise InvalidFacts({"review_on": [sentence]})
    day = _review_day(facts.review_on, act)
    act.stop_clock(CLOCK)
    act.start_clock(CLOCK, until=day)
    act.add_facts(review=day.isoformat())
    entry = _current(act)
    if entry is not None:
        AccountEntry.objects.filter(pk=entry.pk).update(
            review_on=day, text=facts.text, reviews=entry.reviews + 1
        )
    act.tell(request.reporter)


@procedure.action(
    at="on_account",
    to="in_hand",
    by=SUPERVISOR,
    label=_("Take off the public account"),
    past="taken_off_account",
    happened=_("Taken off the public account"),
    audience=Audience.PUBLIC,
    confirm=_("The unit works on it again and its clock runs on; the reason is published."),
)
def take_off_account(request: ServiceRequest, facts: TakeOff, act: Act) -> None:
    """What stood in the way is gone, or never did: the clock for solving runs on."""
    refuse_own_unit(act.by, act.matter.responsible, act.matter)
    run_on(request, act)
    act.tell(request.reporter)
    act.tell_role(act.matter.responsible, "handler")


@subscribe("*")
def leave_account(event: Event) -> None:
    """Close the entry of what leaves the account, by whichever action it leaves.

    A proposal nobody decided on falls with the work it was about.
    """
    if event.from_stage == event.to_stage or event.to_stage == "on_account":
        return
    if event.from_stage == "on_account":
        _close(event, AccountEntry.State.OPEN, AccountEntry.State.LEFT)
    elif event.from_stage == "in_hand":
        _close(event, AccountEntry.State.PROPOSED, AccountEntry.State.DECLINED)


def _close(event: Event, before: str, after: str) -> None:
    text = event.facts.get("text", "")
    AccountEntry.objects.filter(matter_id=event.matter_id, state=before).update(
        state=after,
        left_at=event.at,
        left_by_event=event.kind,
        left_reason=text if isinstance(text, str) else "",
    )


def _current(act: Act) -> AccountEntry | None:
    rows = AccountEntry.objects.filter(matter=act.matter, state__in=("proposed", "open"))
    return rows.first()


def _stated(facts: OnAccount, act: Act) -> dict[str, Any]:
    return {
        "community_id": act.matter.community_id,
        "matter": act.matter,
        "reason": facts.reason,
        "owner": act.refs["owner"],
        "review_on": _review_day(facts.review_on, act),
        "text": facts.text,
        "unit": act.matter.responsible,
        "at": act.now,
    }


def _review_day(day: date | None, act: Act) -> date:
    """Return the day of the review: the one given, if it lies within the pack's quarter."""
    zone = ZoneInfo(act.matter.community.timezone)
    setting = act.pack.clocks.get(CLOCK)
    if setting is None:
        raise InvalidFacts(
            {"__all__": [gettext("The rules this matter began under know no public account.")]}
        )
    calendar = calendar_of(act.matter.pack, act.matter.community.timezone)
    latest = due_at(act.now, getattr(setting, act.matter.urgency), calendar).astimezone(zone).date()
    if day is None:
        return latest
    if not act.now.astimezone(zone).date() < day <= latest:
        sentence = gettext("Please give a day after today and within a quarter.")
        raise InvalidFacts({"review_on": [sentence]})
    return day


def _above(act: Act) -> Organisation | None:
    unit = act.matter.responsible
    return (parent_of(unit) if unit else None) or act.matter.desk
