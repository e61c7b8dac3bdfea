"""Plain words: what is found, what is not, in Chinese and English."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.plainwords import check_words, looks_chinese, reading_ease, sentences

ALL = frozenset({"date", "contact", "next_step"})
PLAIN = "您好，路灯已经报修。我们5月31日前派人修好，修好后给您打电话。问进度请打 027-87654321。"
OFFICE = {"予以": "", "知悉": "知道", "有关部门": "说出是哪个部门", "部门": "哪里"}


def kinds(text: str, language: str = "zh-hans", **more) -> list[str]:
    return [one.kind for one in check_words(text, language, **more)]


def test_it_works() -> None:
    assert kinds(PLAIN, words=OFFICE, needs=ALL) == []
    found = check_words("贵单位反映事项已知悉，有关部门将予以处理。", "zh-hans", words=OFFICE)
    assert {(one.words, one.instead) for one in found if one.kind == "office_word"} == {
        ("予以", ""), ("知悉", "知道"), ("有关部门", "说出是哪个部门"),
    }  # fmt: skip


def test_what_a_reader_misses() -> None:
    assert kinds("已处理。", needs=ALL) == ["no_date", "no_contact", "no_next_step"]
    assert kinds("It is noted.", "en", needs=ALL)[-3:] == [
        "no_date", "no_contact", "no_next_step",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("三个工作日内修好", "zh-hans"), ("本周完成", "zh-hans"), ("2026-05-31", "zh-hans"),
        ("by 31 May", "en"), ("within three days", "en"), ("on Monday", "en"),
    ],
)  # fmt: skip
def test_ways_to_say_a_day(text: str, language: str) -> None:
    assert kinds(text, language, needs=frozenset({"date"})) == []


def test_long_sentences() -> None:
    assert kinds("好" * 46 + "。") == ["long_sentence"]
    assert kinds("好" * 45 + "。") == []
    assert kinds("word " * 26 + ".", "en", longest=25)[0] == "long_sentence"
    assert kinds("好" * 11 + "。", longest=10) == ["long_sentence"]


def test_the_passive_hides_who_does_it() -> None:
    assert "passive" in kinds("您的问题已被转交。")
    assert "passive" in kinds("The lamp was repaired.", "en")
    assert "passive" not in kinds("Our crew repaired the lamp.", "en")


def test_places_not_filled_in() -> None:
    assert kinds("请打 {phone} 找 XX。") == ["unfilled", "unfilled"]


def test_words_of_the_office_are_whole_words_in_english() -> None:
    words = {"prior to": "before"}
    assert kinds("Prior to that.", "en", words=words) == ["office_word"]
    assert kinds("A prior topic.", "en", words=words) == []


def test_reading_ease_as_flesch_gives_it() -> None:
    # Six words of six syllables in one sentence: 206.835 - 1.015 * 6 - 84.6 * 1.
    assert reading_ease("The cat sat on the mat.") == pytest.approx(116.145)
    hard = "Infrastructural rehabilitation necessitates interdepartmental coordination. " * 4
    assert reading_ease(hard) < 0
    assert "hard_to_read" in kinds(hard, "en")
    with pytest.raises(ValueError, match="no words"):
        reading_ease("……")


def test_sentences_and_languages() -> None:
    assert sentences("一句。两句!\n\nThree 3.5 m. Four?") == [
        "一句。",
        "两句!",
        "Three 3.5 m.",
        "Four?",
    ]
    assert looks_chinese("请打 12345 hotline")
    assert not looks_chinese("Call 12345")
    assert not looks_chinese("")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["zh-hans", "en"]))
def test_whatever_is_typed(text: str, language: str) -> None:
    found = check_words(text, language, words=OFFICE, needs=ALL)
    assert len(found) <= 12
    assert all(one.number >= 0 for one in found)
