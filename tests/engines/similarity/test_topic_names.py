"""A topic is called by a sentence of its messages, short enough to be read at a glance."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from linli.engines.similarity.naming import common_places, name_of, trimmed
from linli.engines.similarity.topics import Message

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("搅拌站夜间扰民", "搅拌站夜间扰民"),
        ("  搅拌站\n扰民。。  ", "搅拌站 扰民"),
        ("谁来管管搅拌站？没人管！", "谁来管管搅拌站？"),
        ("！！搅拌站扰民", "搅拌站扰民"),
        ("。", ""),
        ("", ""),
        ("很" * 60, "很" * 39 + "…"),
        ("很" * 30 + "，" + "吵" * 30, "很" * 30 + "…"),
    ],
)
def test_it_works(said, name) -> None:
    assert trimmed(said) == name


def test_the_first_title_that_says_something_else_the_first_sentence() -> None:
    untitled = Message(1, " ", "路灯不亮。请修", NOW)
    assert name_of([untitled, Message(2, "路灯坏了", "", NOW)]) == "路灯坏了"
    assert name_of([untitled]) == "路灯不亮"
    assert name_of([Message(1, "", "", NOW)]) == ""


def test_places_that_only_one_of_many_names_are_left_out() -> None:
    said = [Message(n, "", "", NOW, places=(place, place)) for n, place in enumerate("甲乙乙")]
    assert common_places(said) == ("乙",)
    assert common_places(said[:2]) == ("乙", "甲")
