"""The opinion map: what people who voted on statements have in common, and where they part.

`OpinionMap.fit(votes)` finds a place for everybody and the groups of opinion, `.update(batch)`
takes in new votes and keeps the groups' numbers and the map's orientation; statistics, statements
that unite, divide and bridge, and which to ask next are read from it. The method is that of Polis
(Small et al. 2021); ``docs/explanation/consensus.md`` has the formulas and where it departs.
"""

from .opinionmap import OpinionMap
from .routing import next_statements, priorities
from .selecting import (
    Chosen,
    bridging,
    common_ground,
    divisive,
    representative,
)
from .statistics import Statistics, statistics
from .votes import AGREE, DISAGREE, PASS, Votes

__all__ = [
    "AGREE",
    "DISAGREE",
    "PASS",
    "Chosen",
    "OpinionMap",
    "Statistics",
    "Votes",
    "bridging",
    "common_ground",
    "divisive",
    "next_statements",
    "priorities",
    "representative",
    "statistics",
]
