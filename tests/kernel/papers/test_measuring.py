"""Columns are as wide as what stands in them asks for, and together fill the page."""

from __future__ import annotations

import pytest

from linli.kernel.papers.document import Cell, Table
from linli.kernel.papers.measuring import letters, shares


def test_it_works() -> None:
    table = Table(("名", "Number"), ((Cell("一个比较长的单位名称"), Cell("1")),))
    wide, narrow = shares(table)
    assert wide > narrow
    assert sum(shares(table)) == pytest.approx(1)


def test_one_long_text_leaves_room_for_the_others() -> None:
    _first, second = shares(Table(("a", "b"), ((Cell("长" * 5000), Cell("2")),)))
    assert second > 0.2


def test_a_chinese_character_takes_two_letters() -> None:
    assert (letters("ab"), letters("中b"), letters("")) == (2, 3, 0)
