"""New votes: the same map as from all votes at once, and the same to the eye as before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from linli.engines.consensus import OpinionMap, Votes
from linli.engines.consensus.keeping import number_like, turn_like
from tests.engines.consensus.planted import planted, same_division, votes_in

FEW = settings(max_examples=12, deadline=None)


def test_it_works() -> None:
    table, group = planted()
    first = np.random.default_rng(0).random(table.shape) < 0.8
    opinions = OpinionMap.fit(votes_in(table, first)).update(votes_in(table, ~first))
    whole = OpinionMap.fit(votes_in(table))
    assert same_division(opinions.groups, whole.groups)
    assert adjusted_rand_score(group, opinions.groups) > 0.9
    turn = turn_like(opinions.places, whole.places)
    np.testing.assert_allclose(opinions.places @ turn, whole.places, atol=1e-9)


@FEW
@given(st.integers(0, 10_000), st.floats(0.05, 0.95))
def test_votes_in_two_batches_are_the_votes_in_one(seed, share) -> None:
    chance = np.random.default_rng(seed)
    rows, columns = chance.integers(0, 12, 80), chance.integers(0, 9, 80)
    said = chance.integers(-1, 2, 80)
    cut = int(80 * share)
    both = Votes.of(rows[:cut], columns[:cut], said[:cut]).joined(
        Votes.of(rows[cut:], columns[cut:], said[cut:])
    )
    whole = Votes.of(rows, columns, said)
    person, statement = np.argsort(both.people), np.argsort(both.statements)
    assert both.people[person].tolist() == whole.people.tolist()
    assert both.statements[statement].tolist() == whole.statements.tolist()
    assert (both.table.toarray()[person][:, statement] == whole.table.toarray()).all()
    assert len(both) == len(whole)
    assert both.table.has_sorted_indices
    assert both.seen[statement].tolist() == whole.seen.tolist()
    assert both.sums[statement].tolist() == whole.sums.tolist()
    assert both.cast[person].tolist() == whole.cast.tolist()


def test_a_changed_vote_replaces_the_earlier() -> None:
    table, _group = planted()
    opinions = OpinionMap.fit(votes_in(table))
    seen = int(np.flatnonzero(~np.isnan(table[0]))[0])
    after = opinions.update(Votes.of([0], [seen], [-int(table[0, seen]) or 1]))
    assert len(after.votes) == len(opinions.votes)
    assert after.votes.table[0, seen] != opinions.votes.table[0, seen]


def test_groups_keep_their_numbers_and_the_map_its_orientation() -> None:
    table, _group = planted(people=300)
    opinions = OpinionMap.fit(votes_in(table[:200]))
    rows, columns = np.nonzero(~np.isnan(table[200:]))
    after = opinions.update(Votes.of(rows + 200, columns, table[200:][rows, columns]))
    assert (after.groups[:200] == opinions.groups).all()
    for axis in (0, 1):
        assert np.corrcoef(after.places[:200, axis], opinions.places[:, axis])[0, 1] > 0


def test_a_statement_moderated_out_stays_so() -> None:
    table, _group = planted()
    opinions = OpinionMap.fit(votes_in(table[:, :30]), moderated_out=[3, 35])
    rows, columns = np.nonzero(~np.isnan(table[:, 30:]))
    after = opinions.update(
        Votes.of(rows, columns + 30, table[:, 30:][rows, columns]), moderated_out=[4]
    )
    assert np.flatnonzero(after.closed).tolist() == [3, 4, 35]


def test_four_groups_stay_four_while_votes_come_in() -> None:
    table, group = planted(people=300, groups=4)
    opinions = OpinionMap.fit(votes_in(table))
    chance = np.random.default_rng(0)
    for _ in range(5):
        rows, columns = chance.integers(0, 300, 20), chance.integers(0, 40, 20)
        after = opinions.update(Votes.of(rows, columns, chance.integers(-1, 2, 20)))
        assert after.division.groups == 4
        assert (after.groups == opinions.groups).mean() > 0.95
        opinions = after
    assert adjusted_rand_score(group, opinions.groups) > 0.9


def test_an_empty_batch_changes_nothing() -> None:
    opinions = OpinionMap.fit(votes_in(planted()[0]))
    after = opinions.update(Votes.of([], [], []))
    np.testing.assert_allclose(after.places, opinions.places, atol=1e-9)
    assert (after.groups == opinions.groups).all()
    assert after.people.dtype == opinions.people.dtype


def test_keys_of_another_kind_are_refused() -> None:
    opinions = OpinionMap.fit(votes_in(planted()[0]))
    with pytest.raises(ValueError, match="same kind"):
        opinions.update(Votes.of(["1"], [1], [1]))


def test_text_keys_may_grow_longer() -> None:
    opinions = OpinionMap.fit(Votes.of(["a", "b"], ["s", "s"], [1, -1]))
    after = opinions.update(Votes.of(["a", "longer"], ["statement", "s"], [0, 1]))
    assert after.people.tolist() == ["a", "b", "longer"]
    assert after.statements.tolist() == ["s", "statement"]


def test_a_group_that_appears_gets_a_number_never_used() -> None:
    old = np.array([0, 0, 0, 2, 2, -1])
    new = np.array([1, 1, 1, 0, 0, 2, 2])
    assert number_like(new, old, 3)[0].tolist() == [0, 0, 0, 2, 2, 3, 3]
    assert number_like(new, old, 3)[1] == 4


def test_a_mirrored_or_swapped_map_is_turned_back() -> None:
    places = np.random.default_rng(0).standard_normal((50, 2)) * [3, 1]
    for turn in (np.diag([-1.0, 1.0]), np.eye(2)[::-1], -np.eye(2)[::-1]):
        turned = places @ turn
        np.testing.assert_array_equal(turned @ turn_like(turned, places), places)
