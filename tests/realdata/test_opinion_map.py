"""Published conversations: the groups Polis published, and red-dwarf's figures for the same groups.

Four are read here; others are kept aside, to check that nothing is tuned to these.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest

from bench.conversations import NAMES, likeness, read_conversation, red_dwarf, their_groups
from linli.engines.consensus import OpinionMap, Votes, priorities, representative, statistics

pytestmark = pytest.mark.realdata

AHEAD = 0.1  # by which the mean adjusted Rand index must exceed red-dwarf's
COLUMNS = {
    "na": lambda facts: facts.within.agree, "nd": lambda facts: facts.within.disagree,
    "ns": lambda facts: facts.within.seen, "pa": lambda facts: facts.within.p_agree,
    "pd": lambda facts: facts.within.p_disagree, "pat": lambda facts: facts.within.z_agree,
    "pdt": lambda facts: facts.within.z_disagree, "ra": lambda facts: facts.lift_agree,
    "rd": lambda facts: facts.lift_disagree, "rat": lambda facts: facts.z_lift_agree,
    "rdt": lambda facts: facts.z_lift_disagree,
}  # fmt: skip


@cache
def both(folder, name) -> SimpleNamespace:
    """The conversation, our map of it and red-dwarf's."""
    told = read_conversation(folder, name)
    theirs = red_dwarf(told.votes, told.moderated_out)
    ours = OpinionMap.fit(told.votes, moderated_out=told.moderated_out)
    return SimpleNamespace(told=told, ours=ours, theirs=theirs)


@cache
def scores(folder, name) -> tuple[float, float]:
    each = both(folder, name)
    theirs = their_groups(each.theirs, each.told.votes)
    counted = (theirs >= 0) & (each.ours.groups >= 0)
    return tuple(
        likeness(each.told.published, groups, counted) for groups in (each.ours.groups, theirs)
    )


def in_their_groups(each) -> OpinionMap:
    """Our map with red-dwarf's groups."""
    return replace(each.ours, groups=their_groups(each.theirs, each.told.votes))


@pytest.mark.parametrize("name", NAMES)
def test_groups_are_at_least_as_like_the_published_as_red_dwarfs(opinion, name) -> None:
    ours, theirs = scores(opinion, name)
    assert ours >= theirs


def test_and_clearly_more_alike_on_the_whole(opinion) -> None:
    ours, theirs = np.mean([scores(opinion, name) for name in NAMES], axis=0)
    assert ours >= theirs + AHEAD


@pytest.mark.parametrize("name", NAMES)
def test_places_are_red_dwarfs(opinion, name) -> None:
    each = both(opinion, name)
    theirs = each.theirs.participants_df.reindex(each.told.votes.people)[["x", "y"]].to_numpy()
    np.testing.assert_allclose(np.abs(each.ours.places), np.abs(theirs), atol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_statistics_are_red_dwarfs_for_the_same_groups(opinion, name) -> None:
    each = both(opinion, name)
    facts = statistics(each.told.votes, their_groups(each.theirs, each.told.votes))
    frame = each.theirs.group_comment_stats
    for row, group in enumerate(facts.groups.tolist()):
        table = frame.loc[group].reindex(each.told.votes.statements)
        for column, ours in COLUMNS.items():
            np.testing.assert_allclose(
                ours(facts)[row], table[column].to_numpy(), rtol=1e-9, atol=1e-9, err_msg=column
            )
    overall = each.theirs.statements_df.reindex(each.told.votes.statements)
    for column, ours in (("agree", facts.consensus_agree), ("disagree", facts.consensus_disagree)):
        theirs = overall[f"group-aware-consensus-{column}"].to_numpy()
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_representative_statements_are_red_dwarfs(opinion, name) -> None:
    each = both(opinion, name)
    chosen = representative(in_their_groups(each))
    for group, theirs in each.theirs.repness.items():
        # They give the strongest agreement the direction of its greater lift, we "agree".
        expected = {(one["tid"], "agree" if one.get("best-agree") else one["repful-for"])
                    for one in theirs}  # fmt: skip
        assert {(one.statement, one.direction) for one in chosen[group]} == expected


@pytest.mark.parametrize("name", NAMES)
def test_priorities_are_red_dwarfs(opinion, name) -> None:
    each = both(opinion, name)
    theirs = each.theirs.statements_df.reindex(each.told.votes.statements)
    asked = ~each.ours.closed
    np.testing.assert_allclose(
        priorities(in_their_groups(each))[asked], theirs["priority"].to_numpy(dtype=float)[asked],
        rtol=1e-9,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["vtaiwan.uberx", "american-assembly.bowling-green"])
def test_groups_hold_when_a_tenth_of_the_votes_is_missing(opinion, name) -> None:
    each = both(opinion, name)
    votes = each.told.votes.table.tocoo()
    kept = np.random.default_rng(0).random(len(votes.data)) > 0.1
    fewer = OpinionMap.fit(
        Votes.of(
            each.told.votes.people[votes.coords[0][kept]],
            each.told.votes.statements[votes.coords[1][kept]],
            votes.data[kept],
        ),
        moderated_out=each.told.moderated_out,
    )
    at = np.searchsorted(each.told.votes.people, fewer.people)
    assert fewer.division.groups == each.ours.division.groups
    assert likeness(each.ours.groups[at], fewer.groups, np.ones(len(at), bool)) > 0.5
