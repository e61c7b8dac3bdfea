"""Machines elsewhere that are administered alike: each is found, paused and removed by one view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from linli.surfaces.web.workbench.guarding import Desk, needs

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse

administer = needs("administer_webhooks")


@dataclass(frozen=True)
class Machines:
    """One kind of machine: how it is switched and removed, and what is said then.

    ``switch`` takes the row, whether it is to be active, and ``by``; ``take_away`` the row and
    ``by``. The sentences are lazy translations.
    """

    model: type[Model]
    page: str  # the route of the list
    switch: Callable[..., object]
    take_away: Callable[..., object]
    goes_on: Any
    paused: Any
    removed: Any

    def one(self, desk: Desk, uuid: UUID) -> Any:
        """Return a machine of the community. Raises Http404."""
        rows = self.model._default_manager.select_related("community__pack")
        return get_object_or_404(rows, community=desk.community, uuid=uuid)

    def switching(self) -> Callable[..., HttpResponse]:
        """Return the view that pauses a machine, or lets it go on."""

        @require_POST
        @administer
        def set_active(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
            active = request.POST.get("active") == "1"
            self.switch(self.one(desk, uuid), active, by=desk.person)
            messages.success(request, self.goes_on if active else self.paused)
            return redirect(self.page)

        return set_active

    def removing(self) -> Callable[..., HttpResponse]:
        """Return the view that removes a machine."""

        @require_POST
        @administer
        def remove(request: HttpRequest, desk: Desk, uuid: UUID) -> HttpResponse:
            self.take_away(self.one(desk, uuid), by=desk.person)
            messages.success(request, self.removed)
            return redirect(self.page)

        return remove
