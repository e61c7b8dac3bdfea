"""Reports of the same trouble are found in other words; others are not; always for a reason."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.similarity import Report, SimilarityIndex, Spot, shingles
from linli.engines.similarity.index import FAR

SPOT = Spot(114.305, 30.505)
LAMP = Report("lamp", "3号楼前路灯不亮，晚上出行不便", SPOT, 10)
BIN = Report("bin", "垃圾桶满了没人清运", SPOT, 10)


def keys(text: str, *candidates: Report, **more) -> list[str]:
    index = SimilarityIndex(candidates or (LAMP, BIN))
    return [one.key for one in index.nearest(Report("", text, more.pop("spot", SPOT), 11, **more))]


def test_it_works() -> None:
    assert keys("路灯坏了") == ["lamp"]


@pytest.mark.parametrize("text", ["", " ", "。。。", "你好，请尽快解决，谢谢", "坏了", "a"])
def test_what_says_nothing_is_like_nothing(text) -> None:
    assert keys(text) == []


def test_width_case_and_marks_make_no_difference() -> None:
    assert shingles("ＬＥＤ灯！不亮").pieces == shingles("led灯,不亮").pieces


def test_a_slip_of_the_finger_is_forgiven() -> None:
    bench = Report("bench", "The benches near the playground are broken", SPOT)
    assert keys("benchs near the playgrond broken", bench) == ["bench"]


def test_nearer_is_likelier_and_far_is_another() -> None:
    found = SimilarityIndex(
        Report(metres, "路灯不亮", Spot(114.305, 30.505 + metres / 111_320)) for metres in (200, 5)
    ).nearest(Report("", "路灯坏了", SPOT))
    assert [one.key for one in found] == [5, 200]
    assert found[1].metres == pytest.approx(200, abs=1)
    assert found[0].score > found[1].score


def test_the_younger_is_likelier() -> None:
    old, new = (Report(day, "路灯不亮", SPOT, day) for day in (0, 99))
    assert keys("路灯坏了", old, new, spot=SPOT) == [0, 99]  # day 11 is nearer to day 0
    found = SimilarityIndex([old, new]).nearest(Report("", "路灯坏了", SPOT, 100))
    assert [one.key for one in found] == [99, 0]


def test_the_name_of_a_category_explains_it() -> None:
    poor = Report("poor", "公共设施损坏", SPOT)
    assert keys("路灯坏了", poor) == []
    assert keys("路灯坏了", Report("rich", "公共设施损坏", SPOT, about="路灯 不亮、闪烁")) == [
        "rich"
    ]


def test_without_a_place_the_words_must_say_more() -> None:
    other = Report("x", "三号楼路灯不亮，居民盼修", None)
    assert keys("路灯有点暗，能不能看看电线", other, spot=None) == []
    assert keys("三号楼路灯不亮", other, spot=None) == ["x"]


def test_reasons_name_the_words() -> None:
    (found,) = SimilarityIndex([LAMP]).nearest(Report("", "路灯坏了", SPOT, 12))
    assert found.shared == ("路灯", "坏～不亮")
    assert found.days == 2


texts = st.text(alphabet="路灯坏了不亮垃圾桶满abc 12，。\x00\u200b", max_size=40)
spots = st.builds(Spot, st.floats(-180, 180), st.floats(-90, 90))


@settings(max_examples=60, deadline=None)
@given(texts, st.lists(st.tuples(texts, spots | st.none()), max_size=5), spots | st.none())
def test_any_text_at_any_place_gives_sound_likenesses(text, others, spot) -> None:
    index = SimilarityIndex(Report(n, said, at, n) for n, (said, at) in enumerate(others))
    found = index.nearest(Report("", text, spot, 3), limit=2, least=0)
    assert len(found) == min(2, len(others))
    for one in found:
        assert 0 <= one.score <= 1
        assert one.metres is None or (math.isfinite(one.metres) and one.metres >= 0)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


@settings(max_examples=40, deadline=None)
@given(texts, spots)
def test_the_same_text_at_the_same_place_is_the_likest(text, spot) -> None:
    same = Report("same", text, spot)
    (found,) = SimilarityIndex([same]).nearest(Report("", text, spot), least=0)
    assert found.words_score <= 1
    if len(shingles(text).pieces) > 4:
        assert found.score > 0.9
    assert FAR > 0
