"""Quantiles from counts by band lie within the bound of the exact ones."""

from __future__ import annotations

from collections import Counter
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.quantiles import BANDS, BOUND, band_of, edges_of, middle_of, quantile

MINUTES = st.lists(st.integers(0, 5_000_000), min_size=1, max_size=60)


def test_it_works() -> None:
    counts = Counter(map(band_of, [5, 5, 60, 600]))
    assert quantile(counts, 0.5) == 5
    assert quantile(counts, 1) == pytest.approx(600, rel=BOUND)
    assert quantile({}, 0.5) is None


@given(MINUTES, st.sampled_from([0.0, 0.1, 0.5, 0.9, 0.99, 1.0]))
def test_a_quantile_is_within_the_bound(values, share) -> None:
    exact = sorted(values)[max(1, ceil(share * len(values))) - 1]
    found = quantile(Counter(map(band_of, values)), share)
    assert abs(found - exact) <= BOUND * exact + 1  # a minute of rounding


@given(MINUTES, MINUTES)
def test_counts_of_parts_add_up(first, second) -> None:
    together = Counter(map(band_of, first)) + Counter(map(band_of, second))
    assert quantile(together, 0.5) == quantile(Counter(map(band_of, first + second)), 0.5)


def test_bands_follow_on_one_another() -> None:
    following = 0
    for band in range(BANDS):
        least, most = edges_of(band)
        assert least == following
        assert band_of(least) == band
        if most is not None:
            assert band_of(most) == band
            assert least <= middle_of(band) <= most
            following = most + 1
    assert BANDS < 200


@pytest.mark.parametrize(("value", "band"), [(-5, 0), (10**12, BANDS - 1)])
def test_what_lies_beyond_counts_as_the_last(value, band) -> None:
    assert band_of(value) == band
