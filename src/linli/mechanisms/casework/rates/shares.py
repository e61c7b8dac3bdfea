"""A rate as two sums of figures, and what it is of whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from linli.engines.intervals import Interval, wilson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linli.kernel.packs.schema import PackContent

ANSWERS = (5, 4, 3, 2, 1)


@dataclass(frozen=True)
class Rate:
    """A share: the figures named in ``part``, each times its weight, of those in ``whole``."""

    name: str
    label: Any
    part: Mapping[str, float]
    whole: tuple[str, ...]

    @property
    def counted(self) -> tuple[str, ...]:
        """The figures the part is made of: those that weigh something."""
        return tuple(name for name, weight in self.part.items() if weight)


def three_rates(pack: PackContent) -> tuple[Rate, Rate, Rate]:
    """Return the three rates; what each answer counts as satisfied is the pack's."""
    weights = pack.casework.call_back.weights
    satisfied = {satisfaction_figure(one): weights.get(_code(one), 0.0) for one in ANSWERS}
    return (
        Rate(
            "answered",
            _("Answered in time"),
            {"casework.answered_in_time": 1},
            ("casework.answered_in_time", "casework.answer_missed"),
        ),
        Rate(
            "solved",
            _("Solved, say the reporters"),
            {"casework.solved_yes": 1},
            ("casework.rated",),
        ),
        Rate("satisfied", _("Satisfied, say the reporters"), satisfied, ("casework.rated",)),
    )


def satisfaction_figure(answer: int) -> str:
    """Return the name of the figure that counts one of the five answers."""
    return f"casework.satisfaction_{answer}"


def _code(answer: int) -> Any:
    return str(answer)


@dataclass(frozen=True)
class Share:
    """One rate of one unit: two sums, per cent where there is something to share."""

    rate: Rate
    part: float
    whole: int

    @property
    def per_cent(self) -> float | None:
        """0 to 100, with one decimal; None where nothing was counted."""
        return round(100 * self.part / self.whole, 1) if self.whole else None

    @property
    def counted(self) -> str:
        """The part as people read it: a whole number, or with what the weights leave."""
        return f"{self.part:g}"

    @property
    def interval(self) -> Interval | None:
        """Within what the rate lies for 95 in 100 such counts; None where nothing was counted."""
        return wilson(self.part, self.whole) if self.whole else None


def share_of(rate: Rate, counts: Mapping[str, int]) -> Share:
    """Return a rate over counts by figure."""
    whole = sum(counts.get(name, 0) for name in rate.whole)
    part = sum(weight * counts.get(name, 0) for name, weight in rate.part.items())
    return Share(rate, round(part, 6), whole)
