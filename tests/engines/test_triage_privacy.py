"""What is personal is never learnt: numbers, addresses of mail, and words of few people."""

from __future__ import annotations

import pytest

from linli.engines.triage import Triage, to_bytes
from linli.engines.triage.grams import counted, plain


@pytest.mark.parametrize(
    "personal",
    ["13812345678", "138-1234-5678", "0731 8888 6666", "42010119900101123X", "wang@example.com",
     "https://example.com/u/wang", "1381*******"],
)  # fmt: skip
def test_numbers_and_addresses_are_blanked(personal) -> None:
    read = plain(f"请打{personal}，谢谢")
    assert read.replace(" ", "") == "请打,谢谢"
    assert len(read) == len(f"请打{personal}，谢谢")  # every place stays where it was


@pytest.mark.parametrize(
    "text", ["我叫王小明，路灯坏了", "我名叫王明，", "联系人：李大海", "姓名 张三"]
)
def test_a_name_that_is_introduced_is_blanked(text) -> None:
    assert not {"王小", "王明", "李大", "张三"} & counted(text).keys()


def test_a_name_known_to_few_is_not_kept_however_often_it_is_said() -> None:
    texts = ["路灯坏了，陈阿婆摔倒了"] * 6 + ["垃圾没人收"] * 6
    codes = ["light"] * 6 + ["litter"] * 6
    by_one_person = [1] * 6 + list(range(10, 16))
    kept = Triage.fit(texts, codes, sources=by_one_person, fewest=3)
    assert "阿婆" not in kept.vocabulary.places
    assert "垃圾" in kept.vocabulary.places
    assert "阿婆".encode() not in b"\n".join(t.encode() for t in kept.vocabulary.places)


def test_texts_without_a_code_bring_no_word_in() -> None:
    model = Triage.fit(
        ["路灯坏"] * 3 + ["垃圾多"] * 3, ["a"] * 3 + ["b"] * 3, others=["陈阿婆"] * 9
    )
    assert "阿婆" not in model.vocabulary.places
    assert to_bytes(model)
