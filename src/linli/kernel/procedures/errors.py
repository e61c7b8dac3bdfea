"""Why an action was refused, each with a sentence a resident understands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linli.kernel.events.models import Event


class Refused(Exception):
    """Base of every refusal: ``sentence`` is in the language active when it is read."""

    code = "refused"
    status = 400

    @property
    def sentence(self) -> str:
        return _("This cannot be done.")

    def __str__(self) -> str:
        return self.sentence


class NotAllowed(Refused):
    """The person does not stand in a relation to the matter that may do this."""

    code = "not_allowed"
    status = 403

    @property
    def sentence(self) -> str:
        return _("You may not do this with this matter.")


class WrongStage(Refused):
    """The matter is at a stage where the action does not exist."""

    code = "wrong_stage"
    status = 409

    def __init__(self, action_label: Any = "", stage_label: Any = "") -> None:
        super().__init__()
        self.action_label, self.stage_label = action_label, stage_label

    @property
    def sentence(self) -> str:
        return _("“%(action)s” is not possible now: the matter is at “%(stage)s”.") % {
            "action": self.action_label,
            "stage": self.stage_label,
        }


class InvalidFacts(Refused):
    """Some fields are missing or wrong; ``errors`` maps each field to its sentences."""

    code = "invalid_facts"
    status = 422

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__()
        self.errors = errors

    @property
    def sentence(self) -> str:
        return _("Please check the marked fields.")

    def __str__(self) -> str:
        return f"{self.sentence} {self.errors}"


class ChangedMeanwhile(Refused):
    """Somebody else acted since the page was read; ``events`` are what happened."""

    code = "changed_meanwhile"
    status = 409

    def __init__(self, current_version: int, events: Sequence[Event]) -> None:
        super().__init__()
        self.current_version, self.events = current_version, list(events)

    @property
    def sentence(self) -> str:
        return _(
            "Somebody changed this matter while you were writing. "
            "See what happened below; what you typed is kept."
        )


class KeyReused(Refused):
    """The idempotency key was used before for something else."""

    code = "key_reused"
    status = 422

    @property
    def sentence(self) -> str:
        return _("This submission key was already used for something else.")


class Unknown(Refused):
    """No such procedure, action or matter."""

    code = "not_found"
    status = 404

    @property
    def sentence(self) -> str:
        return _("There is no such matter or action.")
