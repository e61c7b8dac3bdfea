"""Whatever the text: chances are chances, and every marked word stands where it says."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.triage import Triage, calibration_error, from_bytes, macro_f1, to_bytes
from linli.engines.triage.grams import counted, grams, places_of, plain

MODEL = Triage.fit(
    ["路灯坏了", "路灯不亮", "路灯 lamp"] * 20 + ["垃圾多", "垃圾臭", "垃圾 trash"] * 20,
    ["light"] * 60 + ["litter"] * 60,
)
ANY_TEXT = st.one_of(
    st.text(max_size=80), st.text(alphabet="路灯坏了垃圾多臭\n ，。a lamptrash'İ１3@", max_size=80)
)
QUICK = settings(max_examples=60, deadline=None)


@QUICK
@given(ANY_TEXT)
def test_suggestions_are_chances_with_true_reasons(text) -> None:
    found = MODEL.suggest(text, k=2)
    assert found == [] or abs(sum(one.confidence for one in found) - 1) < 1e-6
    assert all(0 <= one.confidence <= 1 for one in found)
    assert [one.confidence for one in found] == sorted((o.confidence for o in found), reverse=True)
    for one in found:
        ends = 0
        for reason in one.reasons:
            assert text[reason.start : reason.end] == reason.word
            assert reason.start >= ends
            ends = reason.end


@QUICK
@given(ANY_TEXT)
def test_every_piece_is_found_where_it_stands(text) -> None:
    read = plain(text)
    assert len(read) == len(text)
    for gram in set(grams(read)):
        places = places_of(gram, read)
        assert places
        assert all(read[at : at + len(gram)] == gram for at in places)
    assert sum(counted(text).values()) >= len(grams(read))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(ANY_TEXT, st.sampled_from(["a", "b", "c"])), max_size=12))
def test_whatever_it_learns_from_it_can_be_kept_and_read_again(pairs) -> None:
    texts, codes = [text for text, _code in pairs], [code for _text, code in pairs]
    model = Triage.fit(texts, codes, descriptions={"a": "路灯", "b": "垃圾"}, fewest=2)
    again = from_bytes(to_bytes(model))
    assert again.suggest("路灯垃圾") == model.suggest("路灯垃圾")


@QUICK
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40))
def test_calibration_error_lies_between_nought_and_one(pairs) -> None:
    assert 0 <= calibration_error([p for p, _ in pairs], [hit for _, hit in pairs]) <= 1


@QUICK
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=20))
def test_who_is_always_right_scores_one(codes) -> None:
    assert macro_f1(codes, codes) == 1
