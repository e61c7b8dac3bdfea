"""Statements worth showing: what marks a group, what all share, what divides, what bridges."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .opinionmap import OpinionMap
from .statistics import wilson_low

CONFIDENCE = 0.9  # of each test, one-sided
SHOWN = 5  # statements at most

Direction = Literal["agree", "disagree"]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Chosen:
    """A statement chosen, in which direction, and by which figures.

    `part` of `whole` votes went in that direction; `low` is the lower end of Wilson's interval of
    that share (90 %, one-sided): what can be said for sure however few voted. `score` is what it
    was ranked by.
    """

    statement: Any
    direction: Direction
    part: int
    whole: int
    low: float
    score: float


@dataclass(frozen=True, eq=False)
class _Side:
    """One direction of a group's votes: count, probability, lift, and the z scores of both."""

    part: NDArray[np.int64]
    p: Array
    z: Array
    lift: Array
    z_lift: Array

    @property
    def metric(self) -> Array:
        return self.lift * self.z_lift * self.p * self.z


def representative(
    opinions: OpinionMap, *, shown: int = SHOWN, confidence: float = CONFIDENCE
) -> dict[int, list[Chosen]]:
    """Return what marks each group, by its number: agreements first, at least one if possible.

    A statement marks a group when most of it answers so, and more than the others do, both at
    `confidence`; ranked by lift × z(lift) × p × z. The strongest agreement comes in before all.
    As in Polis (select-rep-comments).
    """
    sure = NormalDist().inv_cdf(confidence)
    asked = _asked(opinions)
    return {
        int(group): _of_group(opinions, row, asked, shown, sure)
        for row, group in enumerate(opinions.statistics.groups)
    }


def _of_group(
    opinions: OpinionMap, row: int, asked: NDArray[np.int64], shown: int, sure: float
) -> list[Chosen]:
    facts = opinions.statistics
    within = facts.within
    agree = _Side(within.agree[row], within.p_agree[row], within.z_agree[row],
                  facts.lift_agree[row], facts.z_lift_agree[row])  # fmt: skip
    against = _Side(within.disagree[row], within.p_disagree[row], within.z_disagree[row],
                    facts.lift_disagree[row], facts.z_lift_disagree[row])  # fmt: skip
    marks = ((agree.z > sure) & (agree.z_lift > sure)) | (
        (against.z > sure) & (against.z_lift > sure)
    )
    agreeing = agree.z_lift > against.z_lift
    metric = np.where(agreeing, agree.metric, against.metric)
    ranked = asked[marks[asked]]
    ranked = ranked[np.argsort(-metric[ranked], kind="stable")].tolist()
    first = _best_agreement(agree, against, asked, sure)
    if first is not None:  # chosen as an agreement, whichever of the two lifts is greater
        agreeing[first], metric[first] = True, agree.metric[first]
    if first is None and not ranked and len(asked):
        first = int(asked[np.maximum(agree.z_lift, against.z_lift)[asked].argmax()])
    taken = ([] if first is None else [first]) + [one for one in ranked if one != first]
    chosen = [
        _chosen(opinions, one, "agree" if agreeing[one] else "disagree",
                (agree if agreeing[one] else against).part[one], within.seen[row, one],
                float(metric[one]))
        for one in taken[:shown]
    ]  # fmt: skip
    return sorted(chosen, key=lambda one: one.direction)


def _best_agreement(
    agree: _Side, against: _Side, asked: NDArray[np.int64], sure: float
) -> int | None:
    """Return the strongest agreement as Polis finds it: one by one, each against the best yet.

    By lift and probability once the best is likelier here than elsewhere, else by probability.
    """
    best: int | None = None
    likely = agree.p * agree.z
    for one in asked.tolist():
        if not agree.part[one] and not against.part[one]:
            continue
        if best is None:
            better = agree.z[one] > sure or (agree.lift[one] > 1 and agree.p[one] > 0.5)
        elif agree.lift[best] > 1:
            better = agree.metric[one] > agree.metric[best]
        else:
            better = likely[one] > likely[best]
        if better:
            best = one
    return best


def common_ground(
    opinions: OpinionMap, *, shown: int = SHOWN, direction: Direction = "agree"
) -> list[Chosen]:
    """Return the statements of the highest group-informed consensus that somebody voted on."""
    facts = opinions.statistics
    agrees = direction == "agree"
    scores = facts.consensus_agree if agrees else facts.consensus_disagree
    part = facts.everybody.agree if agrees else facts.everybody.disagree
    return _ranked(opinions, scores, part > 0, part, direction, shown)


def bridging(
    opinions: OpinionMap, *, shown: int = SHOWN, confidence: float = CONFIDENCE
) -> list[Chosen]:
    """Return the statements that surely most of every group agrees to, or disagrees with.

    Ranked by the least sure group: the lowest lower end of Wilson's intervals, above a half.
    Nothing bridges where there is one group only.
    """
    facts = opinions.statistics
    if len(facts.groups) < 2:
        return []
    found: list[Chosen] = []
    sides: tuple[tuple[Direction, Any, Any], ...] = (
        ("agree", facts.within.agree, facts.everybody.agree),
        ("disagree", facts.within.disagree, facts.everybody.disagree),
    )
    for direction, within, everybody in sides:
        least = wilson_low(within, facts.within.seen, confidence).min(axis=0)
        found += _ranked(opinions, least, least > 0.5, everybody, direction, shown)
    return sorted(found, key=lambda one: -one.score)[:shown]


def divisive(opinions: OpinionMap, *, shown: int = SHOWN) -> list[Chosen]:
    """Return the statements that part the groups most (`Statistics.division`).

    The direction is that of everybody's majority.
    """
    facts = opinions.statistics
    most = facts.everybody.agree >= facts.everybody.disagree
    score, found = facts.division, []
    sides: tuple[tuple[Direction, Any, Any], ...] = (
        ("agree", most, facts.everybody.agree),
        ("disagree", ~most, facts.everybody.disagree),
    )
    for direction, where, part in sides:
        voted = where & (facts.grouped.seen > 0) & (score > 0)
        found += _ranked(opinions, score, voted, part, direction, shown)
    return sorted(found, key=lambda one: -one.score)[:shown]


def _asked(opinions: OpinionMap) -> NDArray[np.int64]:
    """Return the open statements in the order of their keys."""
    order = np.argsort(opinions.statements, kind="stable")
    return order[~opinions.closed[order]]


def _ranked(
    opinions: OpinionMap, scores: Array, where: Any, part: Any, direction: Direction, shown: int
) -> list[Chosen]:
    asked = _asked(opinions)
    asked = asked[where[asked]]
    asked = asked[np.argsort(-scores[asked], kind="stable")][:shown]
    whole = opinions.statistics.everybody.seen
    return [
        _chosen(opinions, one, direction, part[one], whole[one], float(scores[one]))
        for one in asked.tolist()
    ]


def _chosen(
    opinions: OpinionMap, at: int, direction: Direction, part: Any, whole: Any, score: float
) -> Chosen:
    low = float(wilson_low(np.array([part]), np.array([whole]))[0])
    key = opinions.statements[at]
    return Chosen(
        key.item() if hasattr(key, "item") else key, direction, int(part), int(whole), low, score
    )
