"""The action by which a matter forgets who brought it; every procedure declares it alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.relations import SYSTEM
from linli.kernel.matters.models import Audience
from linli.kernel.procedures.declaration import SAME
from linli.kernel.procedures.facts import Facts, VisibleTo

if TYPE_CHECKING:
    from linli.kernel.procedures.act import Act
    from linli.kernel.procedures.declaration import Procedure

ACTION = "forget_reporter"


class Forget(Facts):
    """Who asked to be forgotten, by the identifier that no longer leads to anybody."""

    person: Annotated[UUID, VisibleTo(Audience.NAMED)]


def forget_reporter(request: Any, facts: Forget, act: Act) -> None:
    """The words and files of whoever asked to be erased are taken out of the matter.

    PIPL (2021) art. 47. What the desk released to the public stays, since it names nobody; so do
    stage, clocks and figures. Events hold commitments alone, which stay valid.
    """
    reporter = act.matter.reporter
    if reporter is not None and reporter.uuid == facts.person:
        _forget_words(act)
    act.remove_files_of(facts.person)


def _forget_words(act: Act) -> None:
    with override(settings.LANGUAGE_CODE):
        erased = gettext("(erased at the reporter's request)")
    matter = act.matter
    act.set(title=matter.public_title or erased, text=matter.public_text or erased)
    act.set(address_text="")
    if matter.audience != Audience.PUBLIC:
        act.set(longitude=None, latitude=None)


def let_reporters_be_forgotten(procedure: Procedure) -> None:
    """Declare the action in a procedure, at every stage: nobody is too late to be forgotten."""
    procedure.action(
        at=[stage.name for stage in procedure.stages],
        to=SAME,
        by=SYSTEM,
        label=_("Forget the reporter"),
        past="reporter_forgotten",
        happened=_("What the reporter wrote was erased at their request"),
        audience=Audience.PARTIES,
        hidden=True,
    )(forget_reporter)
