"""The three rates of a unit (三率): answered in time, solved, satisfied.

北京市接诉即办工作条例 (2021). A unit stands with everything below it, so that a rate and the
events it opens to are the same count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from linli.kernel.indicators.reading import Slice, by_organisation
from linli.kernel.organisations.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Rate:
    """A share: the figures named ``part`` of those named ``whole``, each added up."""

    name: str
    label: Any
    part: tuple[str, ...]
    whole: tuple[str, ...]


THREE_RATES = (
    Rate(
        "answered",
        _("Answered in time"),
        ("casework.answered_in_time",),
        ("casework.answered_in_time", "casework.answer_missed"),
    ),
    Rate("solved", _("Solved, say the reporters"), ("casework.solved_yes",), ("casework.rated",)),
    Rate(
        "satisfied",
        _("Satisfied, say the reporters"),
        ("casework.satisfied_yes",),
        ("casework.rated",),
    ),
)


@dataclass(frozen=True)
class Share:
    """One rate of one unit: two counts, and per cent where there is something to share."""

    rate: Rate
    part: int
    whole: int

    @property
    def per_cent(self) -> float | None:
        """0 to 100, with one decimal; None where nothing was counted."""
        return round(100 * self.part / self.whole, 1) if self.whole else None


def rates_by_unit(asked: Slice) -> list[tuple[Organisation | None, list[Share]]]:
    """Return the three rates of all together (None), then of each unit that has figures.

    In the order of the tree. Two queries.
    """
    names = {name for rate in THREE_RATES for name in (*rate.part, *rate.whole)}
    found = by_organisation(asked, names)
    keys = [key for key in found if key]
    units = list(Organisation.objects.filter(pk__in=keys).order_by("path"))
    own = {unit.path: found[unit.pk] for unit in units}
    rows: list[tuple[Organisation | None, list[Share]]] = [(None, _shares(found.values()))]
    for unit in units:
        below = [counts for path, counts in own.items() if path.startswith(unit.path)]
        rows.append((unit, _shares(below)))
    return rows


def _shares(counts: Any) -> list[Share]:
    together: dict[str, int] = {}
    for one in counts:
        for name, value in one.items():
            together[name] = together.get(name, 0) + value
    return [
        Share(rate, _sum(together, rate.part), _sum(together, rate.whole)) for rate in THREE_RATES
    ]


def _sum(counts: Mapping[str, int], names: tuple[str, ...]) -> int:
    return sum(counts.get(name, 0) for name in names)
