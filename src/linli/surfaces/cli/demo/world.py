"""The rows of a demo neighbourhood that its matters need."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import Any

    from linli.engines.worktime import WorkCalendar
    from linli.kernel.organisations.models import Community, Organisation
    from linli.kernel.packs.schema import PackContent
    from linli.kernel.people.models import Person
    from linli.kernel.places.models import Address, Area
    from linli.surfaces.cli.demo.ground import Ground
    from linli.surfaces.cli.demo.settings import Settings


@dataclass
class Plot:
    """One grid: its ground, its estate and street, its company, its doorways."""

    values: dict[str, Any]
    area: Area
    kerb: tuple[tuple[float, float], ...]
    shore: tuple[tuple[float, float], ...]
    doorways: list[Address] = field(default_factory=list)
    houses: list[int] = field(default_factory=list)  # numbers of the buildings of each doorway


@dataclass
class World:
    """Everything the matters of a demo neighbourhood refer to."""

    settings: Settings
    community: Community
    pack: PackContent
    calendar: WorkCalendar
    now: datetime
    begins: datetime
    ground: Ground
    organisations: dict[str, Organisation] = field(default_factory=dict)
    plots: list[Plot] = field(default_factory=list)
    staff: dict[tuple[str, str], list[Person]] = field(default_factory=dict)
    residents: list[Person] = field(default_factory=list)
    said_lately: deque[str] = field(default_factory=lambda: deque(maxlen=120))
    newborn: list[Iterator[datetime]] = field(default_factory=list)  # split off, not yet alive

    def holders(self, code: str, *roles: str) -> list[Person]:
        """Return who holds one of the roles in an organisation."""
        return [person for role in roles for person in self.staff.get((code, role), [])]
