"""Indicators declared by mechanisms: which events count, and for whom.

>>> Indicator("casework.returned", label=_("Returned"), kinds=("casework.returned",),
...           of="organisation")

An indicator is a condition on single events. What an event counts for (day, organisation, area,
category) stands in the event itself, as it was when the event was written. So a figure, its
rebuilding and its evidence are the same rows counted in three ways, and nothing that happens to
a matter later changes what was counted.

The rule for conditions: they may use the columns and facts of the event alone. Whatever else
must be known (was it the first reply? had the clock run out?) the action notes in the event's
facts when it happens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.events.models import Event

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.kernel.indicators.reading import Slice


class Figure(Protocol):
    """What can be read and opened: ``kept`` are the names of the roll-ups it is the sum of."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> Any: ...
    @property
    def kept(self) -> tuple[str, ...]: ...

    def evidence(self, asked: Slice) -> QuerySet[Event]: ...


@dataclass(frozen=True)
class Indicator:
    """A figure that adds up: how many events of some kinds fulfil a condition.

    ``of``: whose figure it is: the organisation ``answerable`` after the event, or the
    ``organisation`` in whose name the actor acted.
    """

    name: str
    label: Any
    kinds: tuple[str, ...]
    condition: Q = field(default_factory=Q)
    of: Literal["answerable", "organisation"] = "answerable"
    unit: Any = field(default_factory=lambda: _("matters"))

    def __post_init__(self) -> None:
        if self.name in registry:
            raise ValueError(f"the indicator {self.name!r} is declared twice")
        if not self.kinds or len(self.name) > 60:
            raise ValueError(f"{self.name!r} needs kinds of events and a name of at most 60")
        registry[self.name] = self

    @property
    def kept(self) -> tuple[str, ...]:
        """The name under which it is kept: its own."""
        return (self.name,)

    def evidence(self, asked: Slice) -> QuerySet[Event]:
        """Return the events of a slice that count."""
        return self.among(asked.counted_events(self.of))

    def among(self, events: QuerySet[Event]) -> QuerySet[Event]:
        """Return those of the events that count."""
        return events.filter(self.condition, kind__in=self.kinds)


registry: dict[str, Indicator] = {}
_others: dict[str, Figure] = {}  # distributions with their bands, states of stocks


class UnknownIndicator(LookupError):
    """No mechanism declares an indicator of that name."""


def declare(figure: Figure) -> None:
    """Make a figure that is no single indicator known by its name.

    Raises ValueError where a name is longer than the 60 characters that cells keep.
    """
    if len(figure.name) > 60 or any(len(name) > 60 for name in figure.kept):
        raise ValueError(f"{figure.name!r} is longer than 60 characters")
    _others[figure.name] = figure


def figure_named(name: str) -> Figure:
    """Return the figure of that name, of whatever kind. Raises UnknownIndicator."""
    found: Figure | None = registry.get(name) or _others.get(name)
    if found is None:
        raise UnknownIndicator(name)
    return found


def indicator_named(name: str) -> Indicator:
    """Return the indicator of that name. Raises UnknownIndicator."""
    try:
        return registry[name]
    except KeyError:
        raise UnknownIndicator(name) from None
