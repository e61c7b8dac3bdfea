"""The plain way: learn from a few messages, then name the code of another, with its reasons."""

from __future__ import annotations

import pytest

from linli.engines.triage import NothingToLearn, Triage, calibration_error, macro_f1

LIGHTS = ["路灯不亮了", "小区路灯坏了", "路灯一闪一闪", "门口的路灯不亮"]
LITTER = ["垃圾没人收", "楼下垃圾堆满了", "垃圾桶很臭", "路边有垃圾"]
LIFTS = ["电梯坏了", "电梯困人", "电梯又停了", "三号楼电梯坏了"]
TEXTS = LIGHTS + LITTER + LIFTS
CODES = ["light"] * 4 + ["litter"] * 4 + ["lift"] * 4


@pytest.fixture(scope="module")
def model() -> Triage:
    return Triage.fit(TEXTS, CODES, fewest=2)


def test_it_works(model) -> None:
    found = model.suggest("我们楼的电梯坏了两天", k=3)
    assert found[0].code == "lift"
    assert len(found) == 3
    assert found[0].confidence > found[1].confidence >= found[2].confidence > 0
    assert sum(one.confidence for one in found) == pytest.approx(1)


def test_the_words_that_decided_stand_where_it_says(model) -> None:
    text = "您好!　我们楼的电梯坏了两天"
    reasons = model.suggest(text, k=1)[0].reasons
    assert any("电梯" in one.word for one in reasons)
    assert all(text[one.start : one.end] == one.word for one in reasons)
    assert all(0 < one.share <= 1 for one in reasons)


def test_english_is_taken_word_by_word() -> None:
    texts = ["the street light is out", "light out again", "no light", "light broken"]
    texts += ["trash not collected", "trash everywhere", "bags of trash", "trash smells"]
    model = Triage.fit(texts, ["light"] * 4 + ["trash"] * 4, fewest=2)
    best = model.suggest("Trash on Main Street, lightly burning", k=1)[0]
    assert best.code == "trash"
    assert [one.word for one in best.reasons] == ["Trash"]  # "lightly" is not "light"


def test_the_heading_weighs_more_than_the_text_below(model) -> None:
    assert model.suggest("电梯\n路灯", k=1)[0].code == "lift"
    assert model.suggest("路灯\n电梯", k=1)[0].code == "light"


def test_the_likeliest_alone_is_the_first_suggested(model) -> None:
    best = model.suggest("垃圾桶满了", k=1)[0]
    assert model.likeliest("垃圾桶满了") == (best.code, pytest.approx(best.confidence))


@pytest.mark.parametrize("text", ["", "   ", "12345", "∀∃", "zzz qqq", "\x00"])
def test_where_no_word_is_known_nothing_is_suggested(model, text) -> None:
    assert model.suggest(text) == []
    assert model.likeliest(text) is None


def test_no_more_than_there_are_and_none_when_none_is_asked(model) -> None:
    assert len(model.suggest("电梯", k=50)) == 3
    assert model.suggest("电梯", k=0) == []


def test_words_of_the_codes_are_enough_to_begin_with() -> None:
    model = Triage.fit([], [], descriptions={"lift": "电梯故障 困人", "tree": "树木修剪和倒伏"})
    assert model.suggest("电梯困人了", k=1)[0].code == "lift"
    assert model.certainty.measured == 0  # a guess, and it says so


def test_with_enough_texts_confidence_is_measured() -> None:
    model = Triage.fit(TEXTS * 5, CODES * 5)
    assert model.certainty.measured == len(TEXTS) * 5


def test_the_same_words_give_the_same_model() -> None:
    one, other = (Triage.fit(TEXTS, CODES, fewest=2) for _ in range(2))
    assert one.vocabulary.places == other.vocabulary.places
    assert (one.weights == other.weights).all()


def test_what_is_left_out_is_what_a_fit_without_it_says() -> None:
    """The shortcut for left-out texts against fitting again, with the same words and smoothness."""
    import numpy as np

    from linli.engines.triage import learning

    model = Triage.fit(TEXTS, CODES, fewest=1)
    names = list(model.codes)
    placed = np.array([names.index(code) for code in CODES])
    from linli.engines.triage.grams import counted

    vectors = np.asarray(model.vocabulary.matrix([counted(t) for t in TEXTS]).todense())
    targets = np.where(placed[:, None] == np.arange(3), 1.0, -1.0)
    targets -= targets.mean(axis=0)
    pair = [0, 3]  # a group of two is left out together
    _answers, left_out = learning._solve(vectors @ vectors.T, targets, 0.3, [np.array(pair)])
    for gone in ([5], pair):
        kept = [row for row in range(len(TEXTS)) if row not in gone]
        likeness = vectors[kept] @ vectors[kept].T + 0.3 * np.eye(len(kept))
        again = vectors[gone] @ vectors[kept].T @ np.linalg.solve(likeness, targets[kept])
        np.testing.assert_allclose(left_out[gone], again, atol=1e-5)


@pytest.mark.parametrize(
    ("texts", "codes"), [([], []), (["路灯"], ["light"]), (["1", "2"], ["a", "b"])]
)
def test_nothing_to_learn_is_said(texts, codes) -> None:
    with pytest.raises(NothingToLearn):
        Triage.fit(texts, codes)


def test_as_many_codes_as_texts() -> None:
    with pytest.raises(ValueError, match="as many codes"):
        Triage.fit(["路灯"], [])


def test_macro_f1_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import f1_score

    codes, suggested = list("aabbbccd"), list("abbbaccc")
    assert macro_f1(codes, suggested) == pytest.approx(
        f1_score(codes, suggested, average="macro", zero_division=0)
    )
    assert macro_f1([], []) == 0


def test_calibration_error_of_the_overconfident() -> None:
    assert calibration_error([1.0] * 10, [True] * 6 + [False] * 4) == pytest.approx(0.4)
    assert calibration_error([], []) == 0
