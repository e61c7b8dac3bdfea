"""`linli triage`."""

from __future__ import annotations

import json

from linli.mechanisms.casework.suggesting.models import TriageModel


def test_fitting_with_too_little_says_so(linli, here) -> None:
    here.at_stage("dispatched")
    done = linli("triage", "fit")
    assert done.code == 0
    assert done.out.count("too few new decisions") == 2
    assert json.loads(linli("triage", "fit", "--json").out) == []


def test_showing(linli, here) -> None:
    assert "no model yet" in linli("triage", "show").out
    TriageModel.objects.create(
        community=here.community, subject="unit", version=4, learnt=70, kept=20, codes=3,
        scores={"macro_f1": 0.81, "hits": 0.8, "error": 0.03}, verdict="first", in_use=True,
    )  # fmt: skip
    assert "version 4" in linli("triage", "show").out
    row = json.loads(linli("triage", "show", "--json").out)[0]
    assert (row["subject"], row["in_use"], row["scores"]["macro_f1"]) == ("unit", True, 0.81)


def test_an_unknown_community_is_refused(linli, here) -> None:
    assert linli("triage", "show", "--community", "nowhere").code == 1
