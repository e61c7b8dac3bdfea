"""Sorting real messages: two folds here, all five in `bench.triage`."""

from __future__ import annotations

import pytest

from linli.engines.triage import calibration_error, macro_f1

pytestmark = pytest.mark.realdata

FOLDS = 2  # of five
F1, ERROR = 0.83, 0.08  # a little wider than over all five: the noise of fewer messages


def test_two_folds(messages, monkeypatch) -> None:
    from bench import citizens
    from bench.triage import fit, folds

    monkeypatch.setattr(citizens, "MESSAGES", messages)
    data = citizens.labelled()
    others = citizens.unlabelled(data.texts)
    codes, suggested, sure = [], [], []
    for learnt, asked in folds(data, 5, seed=0)[:FOLDS]:
        assert not {data.groups[row] for row in learnt} & {data.groups[row] for row in asked}
        model = fit(data, learnt, others)
        for row in asked:
            found = model.likeliest(data.texts[row])
            assert found is not None
            codes.append(data.labels[row])
            suggested.append(found[0])
            sure.append(found[1])
    right = [code == one for code, one in zip(codes, suggested, strict=True)]
    assert macro_f1(codes, suggested) >= F1
    assert calibration_error(sure, right) <= ERROR


def test_near_identical_messages_are_found(messages, monkeypatch) -> None:
    from bench import citizens

    monkeypatch.setattr(citizens, "MESSAGES", messages)
    data = citizens.labelled()
    assert len(data.texts) == 883
    assert len(data.texts) - len(set(data.groups)) == 6
