"""Each class is of enough people, as fine as that allows, and never finer than asked."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from linli.engines.anonymity import (
    Hierarchy,
    NotNested,
    Rule,
    anonymise,
    days_hierarchy,
    full_domain,
    measure,
)
from tests.engines.anonymity.made import columns, people, rule


def shown(table) -> list[tuple[str | None, ...]]:
    return list(zip(*(table.texts(number) for number in range(3)), strict=True))


def test_it_works() -> None:
    same = [(0, 0, 0)] * 3
    table = anonymise(columns([*same, (1, 1, 1), (1, 2, 1), (2, 1, 1)]), people(*range(6)), rule())

    assert shown(table)[:3] == [("g0", "2026-01-01", "pothole")] * 3
    assert shown(table)[3:] == [("c0", "2026-01-01/2026-01-04", "lamp")] * 3
    assert measure(table, people(*range(6))).smallest == 3


def test_many_reports_of_one_person_are_one_person() -> None:
    rows = [(0, 0, 0)] * 500 + [(0, 3, 0), (0, 4, 0)]
    table = anonymise(columns(rows), people(*[7] * 500, 8, 9), rule())

    assert {time for _place, time, _category in shown(table)} == {"2026-01"}
    assert len(set(shown(table))) == 1


def test_unknown_reporters_count_for_nobody() -> None:
    table = anonymise(columns([(0, 0, 0)] * 100), people(*[-1] * 98, 1, 2), rule())

    assert not table.kept.any()
    assert measure(table, people(*[-1] * 98, 1, 2)).suppressed == 100


def test_what_is_left_out_is_of_fewer_than_k_people() -> None:
    rows = [(0, 0, 0)] * 3 + [(8, 58, 3), (7, 20, 3)]
    table = anonymise(columns(rows), people(1, 2, 3, 4, 5), rule())

    assert table.kept.tolist() == [True, True, True, False, False]


def test_nothing_is_finer_than_asked() -> None:
    table = anonymise(columns([(0, 0, 0)] * 9, finest=(1, 2, 0)), people(*range(9)), rule())

    assert set(shown(table)) == {("c0", "2026-01", "pothole")}


def test_a_sensitive_value_is_never_alone() -> None:
    alone = anonymise(columns([(0, 0, 2)] * 3), people(1, 2, 3), rule(diversity=2))
    beside = anonymise(
        columns([(0, 0, 2)] * 3 + [(0, 0, 0)] * 3), people(*range(6)), rule(diversity=2)
    )

    assert [category for _place, _time, category in shown(alone)] == ["life"] * 3
    assert {category for _place, _time, category in shown(beside)} == {"health", "pothole"}


def test_two_sensitive_values_are_no_company_for_each_other() -> None:
    table = anonymise(columns([(0, 0, 2)] * 3 + [(1, 40, 0)] * 3), people(*range(6)),
                      rule(diversity=2))  # fmt: skip

    assert "health" not in {category for _place, _time, category in shown(table)}


def test_no_rows() -> None:
    table = anonymise(columns([]), people(), rule())

    assert shown(table) == []
    assert measure(table, people()).rows == 0


def test_k_below_three_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 3"):
        Rule(k=2)


def test_a_value_that_the_hierarchy_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="none of the hierarchy"):
        anonymise(columns([(99, 0, 0)]), people(1), rule())


def test_levels_that_cross_are_refused() -> None:
    with pytest.raises(NotNested, match="month parts what week holds"):
        Hierarchy.of(("day", "week", "month"), [("1", "w", "1"), ("2", "w", "2")])


def test_weeks_lie_within_months() -> None:
    time = days_hierarchy([date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 2)])

    assert time.labels[1] == (
        "2026-01-26/2026-01-31", "2026-02-01/2026-02-01", "2026-02-02/2026-02-08",
    )  # fmt: skip
    assert days_hierarchy([date.min, date.max]).size == 2


def test_one_level_for_all_loses_more() -> None:
    rows = [(0, 0, 0)] * 5 + [(1, 1, 1), (2, 2, 1), (0, 3, 1)]
    who = people(*range(8))
    ours = measure(anonymise(columns(rows), who, rule()), who)
    plain = [
        measure(full_domain(columns(rows), who, 3, node), who).certainty
        for node in np.ndindex(4, 6, 3)
    ]

    assert ours.certainty < min(plain)
