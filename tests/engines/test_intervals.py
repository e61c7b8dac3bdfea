"""Wilson's score interval: against SciPy's, and what must hold for any numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from linli.engines.intervals import wilson

WHOLE = st.integers(1, 5_000)
SHARES = WHOLE.flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


def test_it_works() -> None:
    found = wilson(97, 100)

    assert (round(found.low, 4), round(found.high, 4)) == (0.9155, 0.9897)


def test_three_of_three_does_not_beat_ninety_seven_of_a_hundred() -> None:
    assert wilson(3, 3).share > wilson(97, 100).share
    assert wilson(3, 3).low < wilson(97, 100).low


@given(SHARES, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_it_is_what_scipy_says(share, confidence) -> None:
    part, whole = share
    known = binomtest(part, whole).proportion_ci(confidence, method="wilson")
    found = wilson(part, whole, confidence)

    assert found.low == pytest.approx(known.low, abs=1e-9)
    assert found.high == pytest.approx(known.high, abs=1e-9)


@given(SHARES)
def test_it_holds_the_share_and_stays_within_nought_and_one(share) -> None:
    found = wilson(*share)

    assert 0 <= found.low <= found.share <= found.high <= 1
    assert found.width > 0


@given(SHARES)
def test_yes_and_no_are_mirrored(share) -> None:
    part, whole = share
    yes, no = wilson(part, whole), wilson(whole - part, whole)

    assert yes.low == pytest.approx(1 - no.high, abs=1e-12)


@given(SHARES)
def test_the_same_share_of_more_is_surer(share) -> None:
    part, whole = share

    assert wilson(2 * part, 2 * whole).width < wilson(part, whole).width


@given(WHOLE)
def test_one_more_yes_never_ranks_lower(whole) -> None:
    part = whole // 2
    assert wilson(part + 1, whole).low >= wilson(part, whole).low


def test_weights_may_add_up_to_a_fraction() -> None:
    assert wilson(2, 5).low < wilson(2.5, 5).low < wilson(3, 5).low


@pytest.mark.parametrize(("part", "whole"), [(0, 0), (-1, 3), (4, 3), (1, -1)])
def test_what_is_no_share_is_refused(part, whole) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(part, whole)


@pytest.mark.parametrize("confidence", [0, 1, -0.5, 2])
def test_what_is_no_confidence_is_refused(confidence) -> None:
    with pytest.raises(ValueError, match="no confidence"):
        wilson(1, 2, confidence)
