"""The league: by what a rate is at least; no database."""

from __future__ import annotations

import pytest

from linli.mechanisms.casework.rates import Rate, Row, Share, ranked

RATE = Rate("solved", "solved", {"casework.solved_yes": 1}, ("casework.rated",))


def row(name: str, part: float, whole: int) -> Row:
    shares = [Share(RATE, part, whole)] * 3
    return Row(name, name, shares, shares, 0)


def names(places) -> list[str]:
    return [place.row.name for place in places]


def test_it_works() -> None:
    places = ranked([row("three", 3, 3), row("many", 97, 100)], "solved", 10)

    assert names(places) == ["many", "three"]
    assert [place.rank for place in places] == [1, 2]
    assert [place.few for place in places] == [False, True]


def test_all_together_takes_no_part() -> None:
    assert names(ranked([row("", 9, 10), row("a", 1, 2)], "solved", 10)) == ["a"]


def test_without_answers_there_is_no_place() -> None:
    assert ranked([row("a", 0, 0)], "answered", 10) == []


def test_equals_share_a_rank() -> None:
    places = ranked([row("b", 5, 9), row("a", 5, 9), row("c", 1, 9)], "satisfied", 10)

    assert [(place.row.name, place.rank) for place in places] == [("a", 1), ("b", 1), ("c", 3)]


@pytest.mark.parametrize(
    ("sort", "first"),
    [("low", "many"), ("share", "three"), ("whole", "many"), ("name", "few"), ("odd", "many")],
)
def test_sorting_leaves_the_rank_as_it_is(sort, first) -> None:
    rows = [row("three", 3, 3), row("many", 97, 100), row("few", 1, 4)]
    places = ranked(rows, "solved", 10, sort)

    assert names(places)[0] == first
    assert {place.row.name: place.rank for place in places} == {"many": 1, "three": 2, "few": 3}
