"""What the page of a matter shows besides what every matter has, by its procedure.

A mechanism whose page needs more than facts, timeline and actions (a table of those called, the
state of a vote) has its surface add a panel here when it is loaded; what can be begun from any
matter (a whistle that arises from it) is offered likewise.

>>> @panel("whistle", "whistle_call")
... def attendance(desk, matter): return Panel("whistles/panel.html", {...})
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter
    from linli.surfaces.web.workbench.guarding import Desk


@dataclass(frozen=True)
class Panel:
    """A template and what it is told, above the facts of the matter. ``scripts``: static files."""

    template: str
    told: dict[str, Any] = field(default_factory=dict)
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer:
    """Something that can be begun from a matter: a link with its words and icon."""

    label: Any
    address: str
    icon: str


Build = Callable[["Desk", "Matter"], Panel | None]
Propose = Callable[["Desk", "Matter"], Offer | None]
_panels: dict[str, Build] = {}
_offers: list[Propose] = []


def panel(*procedures: str) -> Callable[[Build], Build]:
    """Have the function make the panel of the matters of these procedures."""

    def register(build: Build) -> Build:
        for procedure in procedures:
            _panels[procedure] = build
        return build

    return register


def offer(propose: Propose) -> Propose:
    """Have the function offer something on the page of any matter."""
    if propose not in _offers:
        _offers.append(propose)
    return propose


def panel_of(desk: Desk, matter: Matter) -> Panel | None:
    """Return the panel of a matter's page, or None where its procedure has none."""
    build = _panels.get(matter.procedure)
    return build(desk, matter) if build else None


def offers_on(desk: Desk, matter: Matter) -> list[Offer]:
    """Return what the person can begin from a matter."""
    return [found for propose in _offers if (found := propose(desk, matter)) is not None]
