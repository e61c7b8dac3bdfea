"""What a reporter and the public read of a promise: pending, kept or broken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter

LABELS = {
    "pending": _("Promised"),
    "kept": _("Promise kept"),
    "broken": _("Promise broken"),
}


@dataclass(frozen=True)
class Promise:
    """A promised day and what became of it: ``state`` is pending, kept or broken."""

    on: date
    state: str

    @property
    def label(self) -> Any:
        """The state in words."""
        return LABELS[self.state]


def promise_of(matter: Matter, now: datetime | None = None) -> Promise | None:
    """Return the promise of a request, or None where no day was promised."""
    request = getattr(matter, "servicerequest", None)
    if request is None or request.promised_on is None or matter.stage == "on_account":
        return None
    zone = ZoneInfo(matter.community.timezone)
    done = request.solved_at if matter.stage in ("solved", "closed") else None
    until = (done or now or timezone.now()).astimezone(zone).date()
    if request.promise_broken or until > request.promised_on:
        return Promise(request.promised_on, "broken")
    return Promise(request.promised_on, "kept" if done else "pending")
