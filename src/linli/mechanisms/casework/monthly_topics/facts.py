"""What each action on a topic of the month and on a measure needs to know."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from linli.kernel.matters.models import Audience
from linli.kernel.procedures.facts import (
    AreaRef,
    CategoryCode,
    Facts,
    Options,
    OrganisationRef,
    OrganisationRefs,
    PartiesText,
    PublicLine,
    PublicText,
    Refers,
    Says,
    UploadRefs,
    VisibleTo,
)

PUBLIC, STAFF = VisibleTo(Audience.PUBLIC), VisibleTo(Audience.STAFF)
MOST_REPORTS = 1_000
Number = Annotated[str, Field(max_length=24)]
NO_NAMES = _("The public may read this: no names, no house numbers.")


class Propose(Facts):
    """What should be a topic of the month, and which reports it is about."""

    title: Annotated[PublicLine, Says(_("Topic, in one line"), NO_NAMES)]
    why: Annotated[PublicText, Says(_("Why this topic"), NO_NAMES)]
    # An identifier, which no timeline need show: the page links the topic itself.
    topic: Annotated[UUID | None, Says(_("Hot topic")), VisibleTo(Audience.NAMED)] = None
    category: Annotated[
        CategoryCode | None,
        Says(_("Category"), _("Reports of this category count, where no hot topic is named.")),
        PUBLIC,
    ] = None
    area: Annotated[
        AreaRef | None, Says(_("Only in this grid"), _("Leave empty for everywhere.")), PUBLIC
    ] = None


class NameUnits(Facts):
    """Who leads and who takes part."""

    lead: Annotated[OrganisationRef, Says(_("Unit that leads")), PUBLIC]
    partners: Annotated[OrganisationRefs | None, Says(_("Units that take part")), PUBLIC] = None


class Choose(NameUnits):
    """For which month, and who leads."""

    month: Annotated[
        Literal["this", "next"],
        Says(_("For which month")),
        Options((("this", _("This month")), ("next", _("Next month")))),
        PUBLIC,
    ] = "this"


class WritePlan(Facts):
    """How it is to be solved, and what is to be reached."""

    plan: Annotated[PublicText, Says(_("Plan"), NO_NAMES)]
    target: Annotated[
        PublicLine,
        Says(_("What is to be reached"), _("In one line, so that everyone can judge it later.")),
    ]


class AddMeasure(Facts):
    """What is done, by whom, by when."""

    what: Annotated[PublicLine, Says(_("What is done"), NO_NAMES)]
    who: Annotated[OrganisationRef, Says(_("Unit that does it")), PUBLIC]
    by_when: Annotated[date, Says(_("By when")), PUBLIC]


class NoteProgress(Facts):
    """What happened since the last word, with evidence."""

    text: Annotated[PublicText, Says(_("What happened since"), NO_NAMES)]
    pictures: Annotated[
        UploadRefs, Says(_("Pictures or papers"), _("Read by those who take part."))
    ] = []


class Conclude(Facts):
    """What came of it, in words; the figures are counted."""

    outcome: Annotated[PublicText, Says(_("What came of it"), NO_NAMES)]


class Decline(Facts):
    """Why it is not chosen."""

    reason: Annotated[PartiesText, Says(_("Why it is not chosen"))]


class Drop(Facts):
    """Why it is not gone on with."""

    reason: Annotated[PublicText, Says(_("Why it is dropped"), NO_NAMES)]


class CountReports(Facts):
    """The numbers of reports that are of this topic as well."""

    reports: Annotated[list[Number], Field(min_length=1, max_length=MOST_REPORTS), STAFF]


class RanOut(Facts):
    """Which clock ran out."""

    clock: Annotated[str, STAFF]


# --- a measure ------------------------------------------------------------------------------
class Plan(Facts):
    """A measure as it is begun by its topic."""

    main: Annotated[str, Refers("matter"), PUBLIC]
    what: Annotated[PublicLine, Says(_("What is done"))]
    who: Annotated[OrganisationRef, Says(_("Unit that does it")), PUBLIC]
    by_when: Annotated[date, Says(_("By when")), PUBLIC]


class Done(Facts):
    """What the unit did."""

    text: Annotated[PublicText, Says(_("What was done"), NO_NAMES)]
    pictures: Annotated[UploadRefs, Says(_("Pictures or papers"))] = []


class NotDone(Facts):
    """What is still missing."""

    text: Annotated[PartiesText, Says(_("What is still missing"))]


class DropMeasure(Facts):
    """Why it need not be done any more."""

    text: Annotated[PublicText, Says(_("Why it is not needed"), NO_NAMES)]
