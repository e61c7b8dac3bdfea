"""Groups keep their names from night to night by the members they share."""

from __future__ import annotations

from linli.engines.similarity.continuing import continued


def test_it_works() -> None:
    assert continued([{1, 2, 3}, {7, 8}], {10: {2, 3, 4}, 11: {8, 9}}) == {0: 10, 1: 11}


def test_what_shares_less_than_half_is_new() -> None:
    assert continued([{1, 2, 3, 4, 5}], {10: {5, 6, 7}}) == {}


def test_one_that_grew_keeps_its_name() -> None:
    assert continued([set(range(100))], {10: {1, 2}}) == {0: 10}


def test_two_that_become_one_keep_the_name_of_what_shares_most() -> None:
    assert continued([{1, 2, 3, 4, 5}], {10: {1, 2}, 11: {3, 4, 5}}) == {0: 11}


def test_one_that_falls_apart_leaves_its_name_to_the_larger_part() -> None:
    assert continued([{1, 2}, {3, 4, 5}], {10: {1, 2, 3, 4, 5}}) == {1: 10}


def test_what_was_kept_first_goes_first_where_all_is_equal() -> None:
    assert continued([{1, 2}, {3, 4}], {11: {1, 3}, 10: {2, 4}}) == {0: 10, 1: 11}


def test_nothing_continues_nothing() -> None:
    assert continued([], {}) == continued([{1}], {}) == continued([], {1: {1}}) == {}
