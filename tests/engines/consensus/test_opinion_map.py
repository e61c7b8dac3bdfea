"""The opinion map: who stands where, and in which group."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from linli.engines.consensus import OpinionMap, Votes, centring
from tests.engines.consensus.planted import planted, votes_in


def dense_places(table, closed=()):
    """Return the places as the textbook has them: everything filled in, a whole SVD."""
    filled = table.copy()
    filled[:, list(closed)] = 0
    means = np.nanmean(filled, axis=0)
    centred = np.where(np.isnan(filled), 0, filled - means)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    seen = (~np.isnan(filled)).sum(axis=1)
    return centred @ axes.T * np.sqrt(table.shape[1] / np.maximum(seen, 1))[:, None]


def test_it_works() -> None:
    table, group = planted(groups=2)
    opinions = OpinionMap.fit(votes_in(table))
    assert adjusted_rand_score(group, opinions.groups) > 0.95
    assert opinions.places.shape == (200, 2)
    assert opinions.people.tolist() == list(range(200))


@pytest.mark.parametrize("groups", [2, 3, 4, 5])
@pytest.mark.parametrize("seen", [0.5, 1.0])
def test_as_many_groups_as_were_planted(groups, seen) -> None:
    table, group = planted(people=400, groups=groups, seen=seen, seed=groups)
    opinions = OpinionMap.fit(votes_in(table))
    assert opinions.division.groups == groups
    assert adjusted_rand_score(group, opinions.groups) > 0.9


def test_where_there_are_no_groups_two_are_drawn() -> None:
    table, _group = planted(people=400, groups=1, astray=0.3)
    assert OpinionMap.fit(votes_in(table)).division.groups == 2


@pytest.mark.parametrize("closed", [(), (0, 3, 4)])
@pytest.mark.parametrize("statements", [40, 300])
def test_places_are_those_of_the_whole_matrix(closed, statements) -> None:
    table, _group = planted(statements=statements, seen=0.3)
    opinions = OpinionMap.fit(votes_in(table), moderated_out=closed)
    expected = dense_places(table, closed)
    np.testing.assert_allclose(np.abs(opinions.places), np.abs(expected), atol=1e-8)


def test_a_statement_moderated_out_pulls_nobody() -> None:
    table, _group = planted(seen=1.0)
    other = table.copy()
    other[:, 7] = -other[:, 7]
    one, two = (OpinionMap.fit(votes_in(each), moderated_out=[7]) for each in (table, other))
    np.testing.assert_array_equal(one.places, two.places)
    assert (one.groups == two.groups).all()


def test_who_cast_few_votes_is_placed_but_in_no_group() -> None:
    table, _group = planted()
    table[3, 6:] = np.nan
    table[3, :6] = 1
    opinions = OpinionMap.fit(votes_in(table))
    assert opinions.groups[3] == -1
    assert np.abs(opinions.places[3]).sum() > 0
    assert OpinionMap.fit(votes_in(table), least=6).groups[3] >= 0


def test_with_few_statements_all_of_them_are_enough() -> None:
    table = np.sign(np.random.default_rng(0).standard_normal((40, 4)))
    table[0, 0] = np.nan
    groups = OpinionMap.fit(votes_in(table)).groups
    assert groups[0] == -1
    assert (groups[1:] >= 0).all()


def test_of_few_people_those_with_most_votes_are_grouped() -> None:
    table, _group = planted(people=20, statements=20)
    table[:, 5:] = np.nan
    table[10:, :] = np.nan
    table[10:, 0] = 1
    groups = OpinionMap.fit(votes_in(table)).groups
    assert (groups >= 0).sum() >= 10


def test_the_larger_group_has_the_lower_number() -> None:
    table, group = planted(groups=2, astray=0)
    opinions = OpinionMap.fit(votes_in(table[(group == 0) | (np.arange(200) % 10 == 1)]))
    assert np.bincount(opinions.groups).tolist() == [100, 20]


def test_a_place_is_the_less_certain_the_fewer_votes() -> None:
    table, _group = planted(seen=1.0)
    table[0, 10:] = np.nan
    table[1, 20:] = np.nan
    radius = OpinionMap.fit(votes_in(table)).uncertainty
    assert radius[0] > radius[1] > 0
    np.testing.assert_allclose(radius[2:], 0, atol=1e-12)


def test_the_radius_covers_what_other_votes_would_have_shown() -> None:
    whole, _group = planted(people=300, seen=1.0, groups=2)
    table = whole.copy()
    table[np.random.default_rng(1).random(table.shape) < 0.5] = np.nan
    opinions = OpinionMap.fit(votes_in(table))
    axes, means = opinions.projection.components[:, :2], opinions.projection.means
    true = (whole - means) @ axes
    scaled = opinions.places * (np.sqrt((~np.isnan(table)).sum(axis=1) / 40) ** -1)[:, None]
    off = np.linalg.norm(scaled - true, axis=1)
    stretched = opinions.uncertainty * np.sqrt(40 / (~np.isnan(table)).sum(axis=1))
    assert 0.5 < np.mean(off <= stretched) < 0.8  # of a radius in two dimensions: 63 %


@pytest.mark.parametrize(
    "table", [np.zeros((0, 0)), [[1.0]], [[np.nan]], [[1.0, -1.0, 0.0]], [[1.0], [-1.0], [0.0]],
              np.zeros((5, 3)), np.full((4, 4), np.nan), np.ones((30, 10))],
)  # fmt: skip
def test_the_smallest_maps_are_finite(table) -> None:
    votes = Votes.of_table(table)
    opinions = OpinionMap.fit(votes)
    opinions = opinions.update(Votes.of([0], [0], [1]))
    assert np.isfinite(opinions.places).all()
    assert np.isfinite(opinions.uncertainty).all()


@pytest.mark.parametrize(
    "columns", [([1], [1], [2]), ([1], [1], [0.5]), ([1, 2], [1], [1]), ([[1]], [[1]], [[1]])]
)
def test_what_is_no_vote_is_refused(columns) -> None:
    with pytest.raises(ValueError, match=r"answer|columns"):
        Votes.of(*columns)


def test_a_pass_is_a_vote_and_not_seen_is_none() -> None:
    votes = Votes.of(["a", "b"], ["s", "s"], [0, 1])
    assert len(votes) == 2
    assert votes.cast.tolist() == [1, 1]
    assert votes.seen.tolist() == [2]


def test_of_two_votes_the_later_counts() -> None:
    votes = Votes.of([5, 6, 5], ["s", "s", "s"], [1, 1, -1])
    assert votes.table.toarray().tolist() == [[-1], [1]]
    assert votes.sums.tolist() == [0]


def test_very_many_votes_are_multiplied_in_stretches_to_the_same_map(monkeypatch) -> None:
    table, _group = planted(people=120, statements=300, seen=0.4)
    votes, batch = votes_in(table), Votes.of([3, 5], [1, 2], [1, -1])
    plain = OpinionMap.fit(votes, moderated_out=[4])
    monkeypatch.setattr(centring, "MANY", 100)
    shared = OpinionMap.fit(votes, moderated_out=[4])
    assert len(shared.projection.centred.parts) == centring.PARTS
    np.testing.assert_allclose(shared.places, plain.places, atol=1e-3)
    assert (shared.groups == plain.groups).all()
    np.testing.assert_allclose(shared.update(batch).places, plain.update(batch).places, atol=0.05)
