"""Further questions: which are asked, which answers fit, which packs are wrong."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from linli.kernel.packs.checking import check
from linli.kernel.packs.loading import folder_of, read_pack
from linli.kernel.packs.problems import PackInvalid
from linli.kernel.packs.questions import (
    check_answers,
    only_what_applies,
    questions_of,
    wrong_questions,
)
from linli.kernel.packs.reading import read_source
from linli.kernel.packs.schema import PackContent, QuestionSetting


@pytest.fixture(scope="module")
def pack() -> PackContent:
    return read_pack(folder_of("cn-community"))


def with_questions(pack: PackContent, **questions: dict[str, Any]) -> PackContent:
    made = {
        code: QuestionSetting.model_validate({"label": {"zh-hans": "问", "en": "Q"}, **one})
        for code, one in questions.items()
    }
    lamp = pack.categories["streetlight"].model_copy(update={"questions": list(made)})
    categories = {**pack.categories, "streetlight": lamp, "lift": pack.categories["stair_light"]}
    others = {
        code: category.model_copy(update={"questions": []})
        for code, category in categories.items()
        if code != "streetlight"
    }
    return pack.model_copy(update={
        "questions": made, "categories": {**categories, **others}
    })  # fmt: skip


ASKED = {
    "words": {"kind": "text"},
    "many": {"kind": "number"},
    "one": {"kind": "choice", "options": {"a": {"zh-hans": "甲", "en": "A"}}},
    "some": {
        "kind": "choices",
        "options": {"a": {"zh-hans": "甲", "en": "A"}, "b": {"zh-hans": "乙", "en": "B"}},
    },
    "day": {"kind": "date"},
    "yes": {"kind": "yes_no"},
    "photo": {
        "kind": "picture_note",
        "required": True,
        "when": {"question": "yes", "equals": True},
    },
}


def test_it_works(pack) -> None:
    made = with_questions(pack, **ASKED)
    given = {"words": " 三号 ", "many": "2,50", "one": "a", "some": ["a", "b", "a"],
             "day": "2026-05-01", "yes": "true", "photo": "全景"}  # fmt: skip

    answers, wrong = check_answers(made, "streetlight", given, pictures=1)

    assert wrong == {}
    assert answers == {"words": "三号", "many": 2.5, "one": "a", "some": ["a", "b"],
                       "day": "2026-05-01", "yes": True, "photo": "全景"}  # fmt: skip


def test_a_group_asks_for_all_it_holds(pack) -> None:
    group = pack.categories["roads"].model_copy(update={"questions": ["hole_size"]})
    made = pack.model_copy(update={"categories": {**pack.categories, "roads": group}})
    assert next(iter(questions_of(made, "streetlight"))) == "hole_size"
    assert list(questions_of(made, "pothole")) == ["hole_size"]
    assert questions_of(made, "nonsense") == questions_of(made, None) == {}


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("words", "a\x00b"), ("words", "长" * 1001), ("words", 7), ("many", "viele"),
        ("many", True), ("many", "nan"), ("many", "1e400"), ("one", "z"), ("one", ["a"]),
        ("some", ["z"]), ("some", [None]), ("day", "31.12."), ("day", "0001-01-01"), ("day", 5),
        ("yes", "maybe"), ("yes", 1),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit(pack, code, value) -> None:
    made = with_questions(pack, **ASKED)
    for language in ("zh-hans", "en"):
        with override(language):
            answers, wrong = check_answers(made, "streetlight", {code: value})
            assert list(wrong) == [f"answers.{code}"]
            assert wrong[f"answers.{code}"][0]
            assert code not in answers


def test_conditions(pack) -> None:
    made = with_questions(pack, **ASKED)
    assert check_answers(made, "streetlight", {"yes": False})[1] == {}
    assert list(check_answers(made, "streetlight", {"yes": True})[1]) == ["answers.photo"]
    # A picture that nobody sent cannot be said anything about.
    assert check_answers(made, "streetlight", {"yes": True, "photo": "x"})[1]
    assert list(check_answers(made, "streetlight", {"photo": "x"})[1]) == ["answers.photo"]
    assert only_what_applies(made, "streetlight", {"photo": "x", "words": "y"}) == {"words": "y"}


def test_conditions_that_hang_on_each_other_fall_together(pack) -> None:
    made = with_questions(
        pack,
        first={"kind": "yes_no"},
        second={"kind": "yes_no", "when": {"question": "first", "equals": True}},
        third={"kind": "text", "when": {"question": "second", "equals": True}},
    )
    given = {"first": "false", "second": "true", "third": "x"}
    assert only_what_applies(made, "streetlight", given) == {"first": "false"}


def test_a_question_nobody_asks(pack) -> None:
    assert list(check_answers(pack, "streetlight", {"nonsense": "x"})[1]) == ["answers"]
    assert list(check_answers(pack, None, {"lamp_number": "x"})[1]) == ["answers"]


@pytest.mark.parametrize(
    ("questions", "path"),
    [
        ({"a": {"kind": "text", "when": {"question": "z", "equals": "x"}}},
         ("questions", "a", "when", "question")),
        ({"a": {"kind": "yes_no", "when": {"question": "b", "equals": True}},
          "b": {"kind": "yes_no", "when": {"question": "a", "equals": True}}},
         ("questions", "a", "when", "question")),
        ({"a": {"kind": "yes_no", "when": {"question": "a", "equals": True}}},
         ("questions", "a", "when", "question")),
        ({"a": {"kind": "number"}, "b": {"kind": "text", "when": {"question": "a", "equals": "x"}}},
         ("questions", "b", "when", "equals")),
        ({"a": {"kind": "choice"}}, ("questions", "a", "options")),
        ({"a": {"kind": "text", "options": {"x": {"en": "X", "zh-hans": "某"}}}},
         ("questions", "a", "options")),
    ],
)  # fmt: skip
def test_packs_that_contradict_themselves(pack, questions, path) -> None:
    assert path in [
        found for found, _sentence in wrong_questions(with_questions(pack, **questions))
    ]


def test_both_languages_and_known_questions(tmp_path, pack) -> None:
    import shutil

    folder = tmp_path / "cn-community"
    shutil.copytree(folder_of("cn-community"), folder)
    file = folder / "questions.yaml"
    file.write_text(
        file.read_text("utf-8").replace(
            "{zh-hans: 灯杆编号, en: Number on the pole}", "{en: Number}"
        ),
        "utf-8",
    )
    categories = folder / "categories.yaml"
    categories.write_text(
        categories.read_text("utf-8").replace("questions: [hole_size]", "questions: [holes]"),
        "utf-8",
    )
    with pytest.raises(PackInvalid) as wrong:
        check(read_source(folder))
    places = {problem.path for problem in wrong.value.problems}
    assert {"questions.lamp_number.label", "categories.pothole.questions[0]"} <= places
