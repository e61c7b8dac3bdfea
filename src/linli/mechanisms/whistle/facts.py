"""What each action on a whistle, a call and a duty needs to know."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from linli.kernel.matters.models import Audience
from linli.kernel.procedures.facts import (
    Facts,
    MatterRef,
    Moment,
    Options,
    OrganisationRef,
    OrganisationRefs,
    PartiesLine,
    PartiesText,
    PublicLine,
    PublicText,
    Refers,
    Says,
    UploadRefs,
    VisibleTo,
)
from linli.mechanisms.whistle.models import Case, How, Result

PUBLIC = VisibleTo(Audience.PUBLIC)
PARTIES = VisibleTo(Audience.PARTIES)
Departments = Annotated[OrganisationRefs, Says(_("Departments called")), PUBLIC]
Longitude = Annotated[float, Field(ge=-180, le=180)] | None
Latitude = Annotated[float, Field(ge=-90, le=90)] | None


class Blow(Facts):
    """Why, where and when which departments are needed."""

    case: Annotated[
        Literal["joint_enforcement", "key_work", "emergency"],
        Says(_("Case"), _("In an emergency the clock runs by day and by night.")),
        Options(tuple(Case.choices)),
        PUBLIC,
    ]
    what: Annotated[PartiesText, Says(_("What is to be done?"))]
    why: Annotated[PartiesText | None, Says(_("Why can no department do it alone?"))] = None
    place: Annotated[PartiesLine, Says(_("Where to meet"))]
    longitude: Longitude = None
    latitude: Latitude = None
    meet_at: Annotated[
        Moment | None, Says(_("When to meet"), _("Leave empty for: at once.")), PARTIES
    ] = None
    departments: Departments
    about: Annotated[MatterRef | None, Says(_("Number of the matter it arises from"))] = None
    publish: Annotated[
        bool,
        Says(
            _("Show on the public page who was called and who came"),
            _("Your words and the names of people never appear there."),
        ),
        VisibleTo(Audience.STAFF),
    ] = True
    public_title: Annotated[
        PublicLine | None, Says(_("Title on the public page"), _("No names, no house numbers."))
    ] = None


class CallMore(Facts):
    """Further departments that turned out to be needed."""

    departments: Departments
    why: Annotated[PartiesText, Says(_("Why they are needed as well"))]


class Record(Facts):
    """The joint record: what was found on site, by those who were there."""

    found: Annotated[PartiesText, Says(_("What was found"), _("All called can read this."))]
    pictures: Annotated[UploadRefs, Says(_("Pictures"))] = []


class AgreeDuty(Facts):
    """Who does what by when."""

    who: Annotated[OrganisationRef, Says(_("Department")), PUBLIC]
    what: Annotated[PublicLine, Says(_("What it will do"), _("The public may read this."))]
    by_when: Annotated[date, Says(_("By when")), PUBLIC]


class CloseWhistle(Facts):
    """What the whistle led to."""

    outcome: Annotated[PublicText, Says(_("What came of it"), _("The public may read this."))]


class WithdrawWhistle(Facts):
    """Why those called need not come after all."""

    reason: Annotated[str, Refers("reason", "whistle_withdraw"), Says(_("Reason")), PUBLIC]
    explanation: Annotated[PartiesText | None, Says(_("Explanation"))] = None


# --- a call ---------------------------------------------------------------------------------
class Call(Facts):
    """Which whistle calls which department."""

    whistle: Annotated[str, Refers("matter"), PUBLIC]
    to: Annotated[OrganisationRef, Says(_("Department")), PUBLIC]


class ReportIn(Facts):
    """That the department is there; the place is only noted when it is sent along."""

    how: Annotated[
        Literal["on_site", "remote"], Says(_("How")), Options(tuple(How.choices)), PUBLIC
    ] = "on_site"
    note: Annotated[PartiesText | None, Says(_("Note"))] = None
    longitude: Longitude = None
    latitude: Latitude = None


class Decline(Facts):
    """Why the department does not come; it counts as absent all the same."""

    reason: Annotated[str, Refers("reason", "whistle_decline"), Says(_("Reason")), PARTIES]
    explanation: Annotated[PartiesText, Says(_("Explanation"))]


class Supplement(Facts):
    """What the department adds to the joint record."""

    text: Annotated[PartiesText, Says(_("What you add to the record"))]
    pictures: Annotated[UploadRefs, Says(_("Pictures"))] = []


class RateDepartment(Facts):
    """How the whistler rates what a department did."""

    on_time: Annotated[bool, Says(_("Did it come in time?")), PUBLIC]
    worked: Annotated[bool, Says(_("Did it take part in the work?")), PUBLIC]
    result: Annotated[
        Literal[5, 4, 3, 2, 1],
        Says(_("What did its work come to?")),
        Options(tuple(Result.choices)),
        PUBLIC,
    ]
    comment: Annotated[PartiesText | None, Says(_("Anything to add?"))] = None


class JudgeWhistle(Facts):
    """How a department judges the whistle itself."""

    justified: Annotated[bool, Says(_("Was the whistle justified?")), PARTIES]
    clear: Annotated[bool, Says(_("Was it clear what was needed?")), PARTIES]
    comment: Annotated[PartiesText | None, Says(_("Anything to add?"))] = None


class RanOut(Facts):
    """Which clock ran out."""

    clock: Annotated[str, VisibleTo(Audience.STAFF)]


class End(Facts):
    """Whether the whistle was closed or withdrawn."""

    withdrawn: Annotated[bool, VisibleTo(Audience.STAFF)]


# --- a duty ---------------------------------------------------------------------------------
class Agree(Facts):
    """A duty as it is begun by the whistle."""

    whistle: Annotated[str, Refers("matter"), PUBLIC]
    who: Annotated[OrganisationRef, Says(_("Department")), PUBLIC]
    what: Annotated[PublicLine, Says(_("What it will do"))]
    by_when: Annotated[date, Says(_("By when")), PUBLIC]


class Done(Facts):
    """What the department did."""

    text: Annotated[PublicText, Says(_("What was done"))]
    pictures: Annotated[UploadRefs, Says(_("Pictures"))] = []


class NotDone(Facts):
    """What is still missing."""

    text: Annotated[PartiesText, Says(_("What is still missing"))]


class Drop(Facts):
    """Why it need not be done any more."""

    text: Annotated[PublicText, Says(_("Reason"))]
