"""The heat of a topic in plain words, with its own numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linli.kernel.packs.schema import HotTopicsSetting
    from linli.mechanisms.casework.hot_topics.reading import Line


@dataclass(frozen=True)
class Explained:
    """heat = (voices + support) × spread, each rounded for reading."""

    heat: float
    voices: float
    support: float
    spread: float
    reports: int
    people: int
    likes: int
    half_life: float


def explained(line: Line, setting: HotTopicsSetting) -> Explained:
    """Return the parts of a topic's heat as the page tells them."""
    return Explained(
        heat=round(line.heat.total, 1),
        voices=round(line.heat.voices, 2),
        support=round(line.heat.support, 2),
        spread=round(line.heat.spread, 2),
        reports=line.reports,
        people=line.people,
        likes=line.likes,
        half_life=setting.half_life_days,
    )
