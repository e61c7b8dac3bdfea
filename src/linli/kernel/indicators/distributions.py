"""Figures of how long something took, kept as counts by band so that they add up.

>>> Distribution("casework.reply_time", _("Time until the first answer"),
...              kinds=("casework.replied",), fact="reply_minutes")

The action notes the minutes in the event's facts. What is kept is one count for each band that
occurs (`engines.quantiles`); counts of any days, units and places add up, and a quantile of the
sum is known to within 4.8 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Q

from linli.engines.quantiles import BANDS, band_of, edges_of
from linli.kernel.indicators.declaration import declare

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.kernel.events.models import Event
    from linli.kernel.indicators.reading import Slice


@dataclass(frozen=True)
class Distribution:
    """How long something took, in minutes: events of some kinds that note it as a fact.

    As a figure of its own it counts the events measured.
    """

    name: str
    label: Any
    kinds: tuple[str, ...]
    fact: str
    of: ClassVar[str] = "answerable"

    def __post_init__(self) -> None:
        distributions[self.name] = self
        declare(self)
        for number in range(BANDS):
            declare(Band(f"{self.name}:{number}", self, number))

    @property
    def kept(self) -> tuple[str, ...]:
        """The names under which its bands are kept."""
        return tuple(f"{self.name}:{number}" for number in range(BANDS))

    @property
    def column(self) -> str:
        """Where the minutes stand in an event."""
        return f"facts__{self.fact}"

    def kept_as(self, minutes: int) -> str:
        """Return the name of the band of so many minutes."""
        return f"{self.name}:{band_of(minutes)}"

    def among(self, events: QuerySet[Event]) -> QuerySet[Event]:
        """Return those of the events that were measured."""
        return events.filter(kind__in=self.kinds, facts__has_key=self.fact)

    def evidence(self, asked: Slice) -> QuerySet[Event]:
        """Return the events measured in a slice."""
        return self.among(asked.counted_events(self.of))


@dataclass(frozen=True)
class Band:
    """The events that took about so long: one count that is kept."""

    name: str
    distribution: Distribution
    number: int

    @property
    def label(self) -> Any:
        """What it is called: as the whole."""
        return self.distribution.label

    @property
    def kept(self) -> tuple[str, ...]:
        """The name under which it is kept."""
        return (self.name,)

    def evidence(self, asked: Slice) -> QuerySet[Event]:
        """Return the events of the band in a slice."""
        least, most = edges_of(self.number)
        within = Q(**{f"{self.distribution.column}__gte": least})
        if most is not None:
            within &= Q(**{f"{self.distribution.column}__lte": most})
        return self.distribution.evidence(asked).filter(within)


distributions: dict[str, Distribution] = {}
