"""Leaving a matter out of the rates: for a listed reason, decided by a second person, published.

北京市接诉即办工作条例 (2021): what is left out is left out for reasons known beforehand. The unit
asks, with evidence; somebody else, not of the unit, decides; it can be taken back on record; the
public reads how many were left out and why, and the rates with and without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Attachment, Audience
from linli.kernel.organisations.tree import parent_of
from linli.kernel.procedures.errors import InvalidFacts
from linli.kernel.procedures.facts import (
    Facts,
    Options,
    Refers,
    Says,
    StaffText,
    UploadRefs,
    VisibleTo,
)
from linli.mechanisms.casework.entries import IN_FORCE
from linli.mechanisms.casework.independence import refuse_own_unit
from linli.mechanisms.casework.models import Exclusion
from linli.mechanisms.casework.stages import SUPERVISOR, UNIT, procedure

if TYPE_CHECKING:
    from linli.kernel.procedures.act import Act
    from linli.mechanisms.casework.models import ServiceRequest

WITH_UNIT = ("dispatched", "accepted", "in_hand", "on_account", "joined", "solved", "closed")
ANYWHERE = tuple(stage.name for stage in procedure.stages)
ExcludeReason = Annotated[str, Refers("reason", "exclude"), VisibleTo(Audience.STAFF)]


class AskExclusion(Facts):
    """Why the matter should not count, with what shows it."""

    reason: Annotated[ExcludeReason, Says(_("Reason"), _("It is published, without names."))]
    text: Annotated[StaffText, Says(_("What the reason rests on"))]
    evidence: Annotated[UploadRefs, Says(_("Evidence")), VisibleTo(Audience.STAFF)] = []


class DecideExclusion(Facts):
    """Yes or no, with grounds."""

    decision: Annotated[
        Literal["accept", "refuse"],
        Says(_("Decision")),
        Options((
            ("accept", _("It is left out of the rates")),
            ("refuse", _("It counts")),
        )),
        VisibleTo(Audience.STAFF),
    ]  # fmt: skip
    grounds: Annotated[StaffText, Says(_("Grounds"))]


class ReverseExclusion(Facts):
    """Why it counts after all."""

    grounds: Annotated[StaffText, Says(_("Grounds"))]


@procedure.action(
    at=WITH_UNIT,
    to="=",
    by=UNIT,
    label=_("Ask to leave it out of the rates"),
    past="exclusion_asked",
    happened=_("The unit asks to leave it out of the rates"),
    audience=Audience.STAFF,
)
def ask_exclusion(request: ServiceRequest, facts: AskExclusion, act: Act) -> None:
    """The unit asks, for a reason of the pack's list; until it is decided the matter counts."""
    if _waiting(act) is not None:
        raise InvalidFacts({"__all__": [gettext("This was asked already; a decision is due.")]})
    if _in_force(act) is not None:
        raise InvalidFacts({"__all__": [gettext("It is left out of the rates already.")]})
    unit = act.matter.responsible
    if unit is None:
        raise InvalidFacts({"__all__": [gettext("No unit answers for it.")]})
    Exclusion.objects.create(
        community_id=act.matter.community_id,
        matter=act.matter,
        reason=facts.reason,
        unit=unit,
        asked_by=act.by,
        asked_at=act.now,
    )
    act.attach(act.refs.get("evidence", []), Attachment.Purpose.DOCUMENT, Audience.STAFF)
    act.tell_role(parent_of(unit) or act.matter.desk, "supervisor")


@procedure.action(
    at=ANYWHERE,
    to="=",
    by=SUPERVISOR,
    label=_("Decide on leaving it out"),
    past="exclusion_decided",
    happened=_("It was decided whether it counts in the rates"),
    audience=Audience.STAFF,
)
def decide_exclusion(request: ServiceRequest, facts: DecideExclusion, act: Act) -> None:
    """A second person decides: never who asked, never one of the unit."""
    asked = _waiting(act)
    if asked is None:
        raise InvalidFacts({"__all__": [gettext("Nobody asked to leave it out of the rates.")]})
    if act.by is not None and asked.asked_by_id == act.by.pk:
        sentence = gettext("You asked for it yourself; a second person must decide.")
        raise InvalidFacts({"__all__": [sentence]})
    refuse_own_unit(act.by, asked.unit, act.matter)
    Exclusion.objects.filter(pk=asked.pk).update(
        accepted=facts.decision == "accept", decided_by=act.by, decided_at=act.now
    )
    act.tell_role(asked.unit, "handler")


@procedure.action(
    at=ANYWHERE,
    to="=",
    by=SUPERVISOR,
    label=_("Let it count again"),
    past="exclusion_reversed",
    happened=_("It counts in the rates again"),
    audience=Audience.STAFF,
)
def reverse_exclusion(request: ServiceRequest, facts: ReverseExclusion, act: Act) -> None:
    """What was left out counts again; who did so and why stays on record."""
    found = _in_force(act)
    if found is None:
        raise InvalidFacts({"__all__": [gettext("It is not left out of the rates.")]})
    refuse_own_unit(act.by, found.unit, act.matter)
    Exclusion.objects.filter(pk=found.pk).update(reversed_at=act.now)
    act.tell_role(found.unit, "handler")


def _waiting(act: Act) -> Exclusion | None:
    rows = Exclusion.objects.filter(matter=act.matter, accepted__isnull=True)
    return rows.select_related("unit").first()


def _in_force(act: Act) -> Exclusion | None:
    rows = Exclusion.objects.filter(IN_FORCE, matter=act.matter)
    return rows.select_related("unit").first()
