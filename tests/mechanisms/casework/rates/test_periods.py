"""Weeks, months, quarters, years and days of one's own; no database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.mechanisms.casework.rates import period_of

DAYS = st.dates(date(2001, 1, 1), date(2998, 12, 31))
KINDS = st.sampled_from(["week", "month", "quarter", "year"])


@pytest.mark.parametrize(
    ("kind", "since", "until"),
    [
        ("week", date(2026, 11, 23), date(2026, 11, 29)),
        ("month", date(2026, 11, 1), date(2026, 11, 30)),
        ("quarter", date(2026, 10, 1), date(2026, 12, 31)),
        ("year", date(2026, 1, 1), date(2026, 12, 31)),
        ("nonsense", date(2026, 11, 1), date(2026, 11, 30)),
    ],
)
def test_it_works(kind, since, until) -> None:
    period = period_of(kind, date(2026, 11, 24))

    assert (period.since, period.until) == (since, until)


@given(KINDS, DAYS)
def test_they_follow_one_another_without_gap(kind, day) -> None:
    period = period_of(kind, day)

    assert period.since <= day <= period.until
    assert period.after().since == period.until + timedelta(days=1)
    assert period.before().until == period.since - timedelta(days=1)
    assert period.after().before() == period


def test_days_of_ones_own_may_stand_in_any_order() -> None:
    period = period_of("custom", date(2026, 5, 9), date(2026, 5, 1))

    assert (period.since, period.until) == (date(2026, 5, 1), date(2026, 5, 9))
    assert period.before().until == date(2026, 4, 30)
    assert period.after().since == date(2026, 5, 10)


@given(st.sampled_from(["week", "month", "quarter", "year", "custom"]), st.dates())
def test_no_day_is_too_far(kind, day) -> None:
    period = period_of(kind, day, day)

    assert date(2000, 1, 1) <= period.since <= period.until <= date(2999, 12, 31)
    assert period.before().since <= period.after().until
