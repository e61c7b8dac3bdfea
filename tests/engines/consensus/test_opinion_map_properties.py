"""Whatever the votes: who stands where in the table, and how often, changes nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

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
from linli.engines.consensus.keeping import turn_like
from tests.engines.consensus.planted import planted, same_division, votes_in

FEW = settings(max_examples=8, deadline=None)
MORE = settings(max_examples=40, deadline=None)
SEEDS = st.integers(0, 10_000)
ANSWERS = st.sampled_from([-1.0, 0.0, 1.0, np.nan])


@st.composite
def tables(draw):
    """Any small table of votes."""
    people, statements = draw(st.integers(0, 20)), draw(st.integers(0, 12))
    cells = draw(st.lists(ANSWERS, min_size=people * statements, max_size=people * statements))
    return np.array(cells, dtype=float).reshape(people, statements)


def facts_of(opinions) -> list[np.ndarray]:
    facts = opinions.statistics
    return [
        opinions.places, opinions.uncertainty, opinions.extremity, facts.within.p_agree,
        facts.within.z_agree, facts.within.z_disagree, facts.lift_agree, facts.lift_disagree,
        facts.z_lift_agree, facts.z_lift_disagree, facts.consensus_agree,
        facts.consensus_disagree, facts.division, priorities(opinions),
    ]  # fmt: skip


@MORE
@given(tables())
def test_everything_is_finite(table) -> None:
    opinions = OpinionMap.fit(Votes.of_table(table))
    assert all(np.isfinite(one).all() for one in facts_of(opinions))
    assert (opinions.groups >= -1).all()
    shown = [*common_ground(opinions), *bridging(opinions), *divisive(opinions)]
    for each in representative(opinions).values():
        shown += each
    assert all(0 <= one.low <= 1 and one.part <= one.whole for one in shown)
    assert next_statements(opinions, "nobody", 99) is not None


@FEW
@given(SEEDS, st.sampled_from([2, 3, 4]))
def test_the_order_of_people_and_statements_changes_nothing(seed, groups) -> None:
    table, _group = planted(people=60, statements=20, groups=groups, seen=0.7, seed=seed)
    chance = np.random.default_rng(seed)
    people, statements = chance.permutation(60), chance.permutation(20)
    one = OpinionMap.fit(votes_in(table))
    other = OpinionMap.fit(votes_in(table[people][:, statements]))
    at, there = one.people, np.argsort(people)[one.people]
    where = np.searchsorted(other.people, there)
    np.testing.assert_allclose(other.places[where], one.places, atol=1e-7)
    assert same_division(one.groups, other.groups[where])
    assert len(at) == len(other.people)


@FEW
@given(SEEDS, st.sampled_from([2, 3, 4]))
def test_counting_everybody_twice_moves_nothing(seed, groups) -> None:
    table, _group = planted(people=60, statements=20, groups=groups, seen=0.7, seed=seed)
    one = OpinionMap.fit(votes_in(table))
    twice = OpinionMap.fit(votes_in(np.concatenate((table, table))))
    half = len(one.people)
    np.testing.assert_allclose(twice.places[:half], one.places, atol=1e-7)
    assert same_division(one.groups, twice.groups[:half])
    assert (twice.groups[:half] == twice.groups[half:]).all()


@FEW
@given(SEEDS, st.sampled_from([-1.0, 0.0, 1.0]))
def test_a_statement_all_answer_alike_separates_nobody(seed, answer) -> None:
    table, _group = planted(people=60, statements=20, seen=1.0, seed=seed)
    more = np.concatenate((table, np.full((60, 1), answer)), axis=1)
    one, other = OpinionMap.fit(votes_in(table)), OpinionMap.fit(votes_in(more))
    assert abs(other.projection.components[20]).max() < 1e-9
    turn = turn_like(other.places, one.places)
    np.testing.assert_allclose(other.places @ turn, one.places, atol=1e-7)  # all saw all
    assert same_division(one.groups, other.groups)
    assert other.statistics.division[20] <= other.statistics.division.max()


@FEW
@given(SEEDS)
def test_the_same_votes_and_seed_give_the_same_map(seed) -> None:
    table, _group = planted(people=60, statements=20, seed=seed)
    one, other = (OpinionMap.fit(votes_in(table), seed=seed) for _ in range(2))
    np.testing.assert_array_equal(one.places, other.places)
    np.testing.assert_array_equal(one.groups, other.groups)
