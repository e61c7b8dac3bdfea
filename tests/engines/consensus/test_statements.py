"""Statements chosen: what marks a group, what unites, divides, bridges, and what to ask next."""

from __future__ import annotations

import numpy as np
import pytest

from linli.engines import intervals
from linli.engines.consensus import (
    OpinionMap,
    Votes,
    bridging,
    common_ground,
    divisive,
    next_statements,
    priorities,
    representative,
)
from linli.engines.consensus.statistics import wilson_low


@pytest.fixture(scope="module")
def opinions() -> OpinionMap:
    """Two groups of 30 and 20: 0–4 part them, 5 all agree to, 6 none, 7 few voted on."""
    table = np.ones((50, 12))
    table[:30, :5], table[30:, :5] = 1, -1
    table[:, 6] = -1
    table[3:, 7] = np.nan
    chance = np.random.default_rng(0)
    table[:, 8:] = chance.choice([-1, 0, 1], (50, 4))
    return OpinionMap.fit(Votes.of_table(table))


def test_it_works(opinions) -> None:
    facts = opinions.statistics
    assert facts.groups.tolist() == [0, 1]
    assert facts.sizes.tolist() == [30, 20]
    assert facts.within.agree[:, 0].tolist() == [30, 0]
    assert facts.within.disagree[:, 0].tolist() == [0, 20]
    assert facts.consensus_agree[5] == pytest.approx(31 / 32 * 21 / 22)
    assert facts.everybody.seen[7] == 3


def test_what_marks_a_group_is_what_the_others_say_otherwise(opinions) -> None:
    marks = representative(opinions)
    assert {one.statement for one in marks[0]} == {0, 1, 2, 3, 4}
    assert {one.direction for one in marks[0]} == {"agree"}
    assert {one.statement for one in marks[1] if one.direction == "disagree"} <= {0, 1, 2, 3, 4}
    assert marks[1][0].direction == "agree"


def test_common_ground_bridges_and_divisions(opinions) -> None:
    assert common_ground(opinions)[0].statement == 5
    assert common_ground(opinions, direction="disagree")[0].statement == 6
    assert {one.statement for one in bridging(opinions)} == {5, 6}
    assert {one.statement for one in divisive(opinions)} == {0, 1, 2, 3, 4}


def test_small_numbers_say_little(opinions) -> None:
    few = next(one for one in common_ground(opinions, shown=12) if one.statement == 7)
    many = common_ground(opinions)[0]
    assert few.part == few.whole == 3
    assert few.low < 0.7 < many.low


def test_a_statement_moderated_out_is_neither_shown_nor_asked(opinions) -> None:
    closed = OpinionMap.fit(opinions.votes, moderated_out=[5, 0])
    shown = [*common_ground(closed, shown=12), *divisive(closed, shown=12)]
    shown += [one for each in representative(closed, shown=12).values() for one in each]
    assert not {5, 0} & {one.statement for one in shown}
    assert priorities(closed)[[0, 5]].tolist() == [0, 0]
    assert not {5, 0} & set(next_statements(closed, "somebody", 12))


def test_nobody_is_asked_twice(opinions) -> None:
    assert next_statements(opinions, 10, 12) == [7]
    assert next_statements(opinions, 0, 12) == []
    assert sorted(next_statements(opinions, "new", 99)) == list(range(12))


def test_few_votes_and_a_say_in_the_map_come_first(opinions) -> None:
    order = priorities(opinions)
    assert order.argmax() == 7
    assert order[:5].min() > order[8:].max()


def test_people_are_asked_in_different_order_but_each_always_the_same(opinions) -> None:
    asked = {person: next_statements(opinions, person, 3) for person in "abcdefghij"}
    assert asked == {person: next_statements(opinions, person, 3) for person in "abcdefghij"}
    assert len({tuple(each) for each in asked.values()}) > 1


def test_the_lower_end_is_wilsons() -> None:
    part, whole = np.array([0, 1, 3, 50]), np.array([0, 1, 7, 60])
    lows = wilson_low(part, whole, 0.9)
    assert lows[0] == 0
    for at in (1, 2, 3):
        expected = intervals.wilson(int(part[at]), int(whole[at]), 0.8).low
        assert lows[at] == pytest.approx(expected, abs=1e-12)
