"""What each action on a service request needs to know."""

from __future__ import annotations

from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from linli.kernel.matters.models import Audience
from linli.kernel.procedures.facts import (
    Answers,
    AreaRef,
    CategoryCode,
    ContactLine,
    EndpointRef,
    Facts,
    MatterRef,
    OnlyWith,
    Options,
    OrganisationRef,
    PartiesText,
    PersonalLine,
    PersonalText,
    PromisedDate,
    PublicLine,
    PublicText,
    Refers,
    Says,
    StaffText,
    UploadRefs,
    VisibleTo,
)
from linli.mechanisms.casework.models import Satisfaction

UrgencyChoice = Literal["emergency", "urgent", "normal"]
ReturnReason = Annotated[str, Refers("reason", "return"), VisibleTo(Audience.STAFF)]
ReferReason = Annotated[str, Refers("reason", "refer"), VisibleTo(Audience.PUBLIC)]
ExtendReason = Annotated[str, Refers("reason", "extend"), VisibleTo(Audience.PUBLIC)]


class Place(Facts):
    """Where it is: any of the four is enough; the point decides when several are given."""

    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    address: Annotated[PersonalLine | None, Says(_("Place"))] = None
    doorway: Annotated[str | None, Field(max_length=24), Says(_("Doorway code"))] = None


class Report(Place):
    """A resident says what is the matter; the rest is optional."""

    text: Annotated[PersonalText, Says(_("What is the matter?"), _("Say it in your own words."))]
    category: Annotated[CategoryCode | None, Says(_("What is it about?"))] = None
    pictures: Annotated[UploadRefs, Says(_("Pictures"))] = []
    name: Annotated[ContactLine | None, Says(_("Your name"))] = None
    phone: Annotated[ContactLine | None, Says(_("Telephone"))] = None
    email: Annotated[ContactLine | None, Says(_("E-mail"))] = None
    may_publish: Annotated[
        bool, VisibleTo(Audience.STAFF), Says(_("The text may be shown on the public board"))
    ] = False
    answers: Answers | None = None


class DeskReport(Report):
    """A call, a visit or a letter, taken down by the desk."""

    channel: Annotated[
        Literal["phone", "visit", "letter", "wechat", "import"],
        Says(_("How it came")),
        VisibleTo(Audience.PARTIES),
    ]
    urgency: Annotated[UrgencyChoice, Says(_("Urgency")), VisibleTo(Audience.PARTIES)] = "normal"


class Triage(Facts):
    """The desk says what it is about, how urgent, where, and what the public may read."""

    category: Annotated[CategoryCode, Says(_("Category")), VisibleTo(Audience.PUBLIC)]
    urgency: Annotated[UrgencyChoice, Says(_("Urgency")), VisibleTo(Audience.PARTIES)] = "normal"
    area: Annotated[AreaRef | None, Says(_("Grid")), VisibleTo(Audience.PUBLIC)] = None
    public_title: Annotated[
        PublicLine | None, Says(_("Title on the public board"), _("No names, no house numbers."))
    ] = None
    public_text: Annotated[PublicText | None, Says(_("Text on the public board"))] = None
    publish: Annotated[bool, Says(_("Show on the public board")), VisibleTo(Audience.STAFF)] = True


class Dispatch(Facts):
    """Which unit answers for it."""

    to: Annotated[OrganisationRef, Says(_("Unit")), VisibleTo(Audience.PUBLIC)]
    note: Annotated[StaffText | None, Says(_("Note for the unit"))] = None
    complained_of: Annotated[
        OrganisationRef | None,
        Says(_("Organisation complained of"), _("It will not see who complained.")),
        VisibleTo(Audience.STAFF),
    ] = None


class ReturnToDesk(Facts):
    """Why it is not the unit's duty."""

    reason: Annotated[ReturnReason, Says(_("Reason"))]
    explanation: Annotated[StaffText, Says(_("Explanation"))]
    better: Annotated[
        OrganisationRef | None, Says(_("Who should answer instead")), VisibleTo(Audience.STAFF)
    ] = None


class Assign(Facts):
    """The supervisor's binding decision after a third return."""

    to: Annotated[OrganisationRef, Says(_("Unit")), VisibleTo(Audience.PUBLIC)]
    grounds: Annotated[StaffText, Says(_("Grounds"))]


class Reply(Facts):
    """What the unit tells the reporter, within the response deadline."""

    text: Annotated[PublicText, Says(_("Reply"), _("The reporter and the public read this."))]
    promised_on: Annotated[
        PromisedDate | None, Says(_("Solved by"), _("Leave empty if no date can be given yet."))
    ] = None


class ExtendPromise(Facts):
    """A later date, once, with a reason the reporter reads."""

    until: Annotated[PromisedDate, Says(_("New date"))]
    reason: Annotated[ExtendReason, Says(_("Reason"))]
    explanation: Annotated[PublicText, Says(_("Explanation for the reporter"))]


class Solve(Facts):
    """What was done, with pictures from before and after."""

    text: Annotated[PublicText, Says(_("What was done"))]
    before: Annotated[UploadRefs, Says(_("Pictures from before"))] = []
    after: Annotated[UploadRefs, Says(_("Pictures from after"))] = []


class Question(Facts):
    """What the unit needs to know from the reporter; the clock rests meanwhile."""

    text: Annotated[PartiesText, Says(_("Question to the reporter"))]


class Answer(Facts):
    """The reporter's answer, or something to add."""

    text: Annotated[PersonalText, Says(_("Your message"))]
    pictures: Annotated[UploadRefs, Says(_("Pictures"))] = []


class ReportersAnswer(Facts):
    """What the reporter says; nobody else can."""

    contacted: Annotated[bool, Says(_("Were you contacted?")), VisibleTo(Audience.PARTIES)]
    solved: Annotated[bool, Says(_("Is it solved?")), VisibleTo(Audience.PUBLIC)]
    satisfaction: Annotated[
        Literal[5, 4, 3, 2, 1],
        Says(_("How satisfied are you?")),
        Options(tuple(Satisfaction.choices)),
        VisibleTo(Audience.PUBLIC),
    ]
    comment: Annotated[PersonalText | None, Says(_("Anything to add?"))] = None


class Rate(ReportersAnswer):
    """The reporter says whether it was handled, on the web or by the link in a message."""

    through: Annotated[
        Literal["web", "link"], Says(_("How it came")), VisibleTo(Audience.STAFF)
    ] = "web"


class Refer(Facts):
    """It belongs to somebody outside; the reporter is told whom."""

    reason: Annotated[ReferReason, Says(_("Reason"))]
    referred_to: Annotated[PublicLine, Says(_("Referred to"))]
    text: Annotated[PublicText, Says(_("What the reporter should know"))]
    endpoint: Annotated[
        EndpointRef | None, Says(_("Send it there"), _("To their system, as it is read there."))
    ] = None
    handover: Annotated[
        PartiesText | None,
        Says(_("Text sent there"), _("No names and numbers. Empty: the text on the public board.")),
        OnlyWith("endpoint"),
    ] = None


class Close(Facts):
    """Closed without the reporter's rating, with a published reason."""

    text: Annotated[PublicText, Says(_("Reason for closing"))]


class Withdraw(Facts):
    """The reporter takes it back."""

    text: Annotated[PersonalText | None, Says(_("Why? (optional)"))] = None


class Reopen(Facts):
    """It came back."""

    text: Annotated[PersonalText, Says(_("What is not in order?"))]
    pictures: Annotated[UploadRefs, Says(_("Pictures"))] = []


class Note(Facts):
    """For colleagues only."""

    text: Annotated[StaffText, Says(_("Note"))]


class Link(Facts):
    """Another matter that belongs with this one."""

    other: Annotated[MatterRef, Says(_("Number of the other matter"))]


class Merge(Facts):
    """The matter this one duplicates: the work is shared, the reporter keeps an own clock."""

    into: Annotated[MatterRef, Says(_("Number of the matter it duplicates"))]


class Part(Facts):
    """Why it was no duplicate after all; the reporter reads it."""

    reason: Annotated[PartiesText, Says(_("Why is it not the same?"))]


class Support(Place):
    """It concerns somebody too: instead of a second report, an own place beside the first."""

    into: Annotated[MatterRef, Says(_("Number of the matter"))]
    text: Annotated[
        PersonalText | None, Says(_("Anything to add?"), _("Only staff read this."))
    ] = None
    pictures: Annotated[UploadRefs, Says(_("Pictures"))] = []
    name: Annotated[ContactLine | None, Says(_("Your name"))] = None
    phone: Annotated[ContactLine | None, Says(_("Telephone"))] = None
    email: Annotated[ContactLine | None, Says(_("E-mail"))] = None


class Split(Facts):
    """A second wish in the same message becomes a matter of its own."""

    text: Annotated[PersonalText, Says(_("Text of the second matter"))]
    category: Annotated[CategoryCode | None, Says(_("Category"))] = None
