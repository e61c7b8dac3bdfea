"""Asking the reporter back: three tries, the answer taken down, never by the unit's own people.

北京市接诉即办工作条例 (2021): the reporter, not the unit, says whether it is solved. What is
answered on the web or by the link in a message is `rating`; the first answer counts, whichever
way it came. Who calls whom is `claiming`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from django.utils.formats import date_format
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.deadlines.clocks import calendar_of, due_at
from linli.kernel.matters.models import Audience
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.facts import Facts, NoFacts, Options, Says, StaffText, VisibleTo
from linli.mechanisms.casework.claiming import let_go, other_caller
from linli.mechanisms.casework.facts import ReportersAnswer
from linli.mechanisms.casework.independence import refuse_own_unit
from linli.mechanisms.casework.rating import take_rating
from linli.mechanisms.casework.stages import CALLER, procedure

if TYPE_CHECKING:
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest

LATEST_WISH = timedelta(days=30)
OUTCOMES = (
    ("no_answer", _("No answer")),
    ("wrong_number", _("Wrong number, or none left")),
    ("refused", _("Does not want to be asked")),
    ("later", _("Wishes to be called later")),
)


class CallBack(ReportersAnswer):
    """The answers a caller took down on the telephone."""


class NotReached(Facts):
    """One try to reach the reporter that brought no answer."""

    outcome: Annotated[
        Literal["no_answer", "wrong_number", "refused", "later"],
        Says(_("What came of the call")),
        Options(OUTCOMES),
        VisibleTo(Audience.STAFF),
    ] = "no_answer"
    call_at: Annotated[
        datetime | None,
        Says(_("Call again at"), _("Only if the reporter named a time.")),
        VisibleTo(Audience.STAFF),
    ] = None
    note: Annotated[StaffText | None, Says(_("Note"))] = None


@procedure.action(
    at="solved",
    to=("closed", "in_hand"),
    by=CALLER,
    label=_("Take down the call-back"),
    past="called_back",
    happened=_("Rated by the reporter on the telephone"),
    audience=Audience.PUBLIC,
)
def call_back(request: ServiceRequest, facts: CallBack, act: Act) -> None:
    """A caller takes down what the reporter says; never one of the unit that did the work."""
    _check_caller(act)
    request.contact_tries += 1
    act.add_facts(tries=request.contact_tries)
    let_go(act.matter)
    take_rating(request, facts, act)


@procedure.action(
    at="solved",
    to=("=", "closed"),
    by=CALLER,
    label=_("Not reached"),
    past="not_reached",
    happened=_("The reporter could not be reached"),
    audience=Audience.STAFF,
)
def not_reached(request: ServiceRequest, facts: NotReached, act: Act) -> None:
    """A try that failed; after the last one it closes as “not reached”, never as satisfied.

    Between two tries lies the pack's interval. Who names a time is called then, also when it was
    the last try, but not for ever: twice the tries are the end. Who does not want to be asked is
    not called again.
    """
    _check_caller(act)
    _check_interval(request, act)
    request.contact_tries += 1
    act.add_facts(tries=request.contact_tries)
    let_go(act.matter)
    if _is_last(request, facts, act):
        request.not_reached, request.call_again_at = True, None
        act.go_to("closed")
        act.tell(request.reporter)
    else:
        request.call_again_at = _next_try(facts, act)
        act.go_to(act.matter.stage)


@procedure.action(
    at="solved",
    to="=",
    by=CALLER,
    label=_("Send the question by message"),
    past="question_sent",
    happened=_("The reporter was sent the question whether it is solved"),
    audience=Audience.STAFF,
)
def send_question(request: ServiceRequest, facts: NoFacts, act: Act) -> None:
    """The reporter gets a link that opens the questions alone, without an account."""
    if request.reporter is None:
        raise InvalidFacts({"__all__": [gettext("Nobody is known who could be asked.")]})
    act.tell(request.reporter, page="rating")


def _check_caller(act: Act) -> None:
    refuse_own_unit(act.by, act.matter.responsible, act.matter)
    if (other := other_caller(act.matter, act.by, act.now)) is not None:
        sentence = gettext("%(name)s is calling this reporter just now.") % {"name": other}
        raise InvalidFacts({"__all__": [sentence]})


def _check_interval(request: ServiceRequest, act: Act) -> None:
    if request.call_again_at and act.now < request.call_again_at:
        moment = date_format(localtime(request.call_again_at), "DATETIME_FORMAT")
        sentence = gettext("The next try is due at %(time)s, not before.") % {"time": moment}
        raise InvalidFacts({"__all__": [sentence]})


def _is_last(request: ServiceRequest, facts: NotReached, act: Act) -> bool:
    most = act.pack.casework.contact_tries
    if facts.outcome == "later":
        return request.contact_tries >= 2 * most
    return facts.outcome == "refused" or request.contact_tries >= most


def _next_try(facts: NotReached, act: Act) -> datetime:
    """Return when the reporter may be called again: as wished, else after the interval."""
    if facts.outcome == "later":
        return _wished(facts.call_at, act)
    if facts.call_at is not None:
        sentence = gettext("A time belongs to “wishes to be called later” alone.")
        raise InvalidFacts({"call_at": [sentence]})
    calendar = calendar_of(act.matter.pack, act.matter.community.timezone)
    return due_at(act.now, act.pack.casework.call_back.interval, calendar)


def _wished(moment: datetime | None, act: Act) -> datetime:
    if moment is None or not is_aware(moment):
        raise InvalidFacts({"call_at": [gettext("Please give the time the reporter named.")]})
    if not act.now < moment <= act.now + LATEST_WISH:
        sentence = gettext("Please give a time within the next 30 days.")
        raise InvalidFacts({"call_at": [sentence]})
    return moment.astimezone(UTC)
