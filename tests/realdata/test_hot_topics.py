"""Hot topics in the citizens' messages, held to pairs labelled by reading.

``hot_topic_pairs.csv`` holds 500 pairs of ids: ``same`` is 1 (334 of them) where both are about one
concrete trouble, at one place or with one body, that one plan would answer; two troubles of one
place are not the same, nor one kind of trouble at two places. Drawn at random (seed 20261124) by
bands of the likeness of title and text (cosine of TF-IDF over pairs and triples of characters):
110 pairs from 0.45 up, 130 from 0.30, 120 from 0.20, 90 from 0.12, 50 of any two; each message in
three pairs at most, identical texts left out; shuffled, then read one by one without knowing the
band. Thresholds are chosen on the 1st, 3rd, 5th … pair only; figures are of the others.

The bands make alike pairs far more frequent than they are among all: saying “same” of every pair
has an F1 of 0.79. So figures compare ways; they are not those of a random pair of messages.
"""

from __future__ import annotations

import pytest

from bench.topics import (
    A_YEAR,
    fit_baseline,
    read_messages,
    read_pairs,
    read_peer,
    same_in,
    same_topic,
    score,
)  # fmt: skip
from linli.engines.similarity.topics import hot_topics

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def said(messages):
    return read_messages(messages)


@pytest.fixture(scope="module")
def topics(said):
    return hot_topics(said, now=max(one.at for one in said), half_life=A_YEAR)


def test_pairs_held_out_are_told_apart_better_than_by_the_baseline_and_the_published_list(
    messages, said, topics
) -> None:
    chosen, held_out = read_pairs()
    ours = score(held_out, same_topic(topics))
    _threshold, baseline = fit_baseline(said, chosen)

    assert len(held_out) == 250
    assert ours["f1"] > 0.90
    assert ours["precision"] > 0.86
    assert ours["f1"] > score(held_out, baseline)["f1"] + 0.04
    assert ours["f1"] > score(held_out, same_in(read_peer(messages).values()))["f1"]


def test_the_two_published_topics_of_one_trouble_are_the_two_hottest(messages, topics) -> None:
    peer = read_peer(messages)
    for rank, name in enumerate("12"):
        shared = peer[name] & set(topics[rank].members)
        assert len(shared) > 0.85 * len(peer[name])
    assert "搅拌站" in topics[0].name
    assert "车位" in topics[1].name


def test_no_topic_has_two_districts_that_never_meet(said, topics) -> None:
    areas = {one.key: one.areas for one in said}
    for topic in topics:
        known = [areas[key] for key in topic.members if areas[key]]
        assert not known or frozenset.intersection(*known)
