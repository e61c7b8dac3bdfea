"""Sorting messages: how often right, how honest about it, how fast, how large.

    python -m bench.triage [--folds 5] [--seed 0]

Five folds over the labelled citizens' messages, near-identical ones always in the same fold. The
engine learns from the labels of four folds; texts without a label only tell it how rare a word
is, and none of them is one of the labelled. Confidence is set within the four folds; the fifth
is only read. Each question is asked thrice: ``calm`` figures are over the fastest asking, or fold.
Peers in the same run: the plain way (tf-idf of characters and a linear machine), and what a
published entry predicted for the same messages after training on ten times as many labels. Prints
one line of JSON; the exit status says whether every bound held.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
from sklearn.model_selection import StratifiedGroupKFold  # type: ignore[import-untyped]
from sklearn.pipeline import make_pipeline  # type: ignore[import-untyped]
from sklearn.svm import LinearSVC  # type: ignore[import-untyped]

from bench.citizens import MESSAGES, Labelled, labelled, unlabelled
from linli.engines.triage import Suggestion, Triage, calibration_error, macro_f1, to_bytes

# Where calm and all lie far apart the machine was busy: the bound is for the calm.
BOUNDS = {
    "macro_f1": 0.86,
    "calibration_error": 0.05,
    "p99_calm_ms": 10,
    "megabytes": 20,
    "fit_calm_s": 60,
}
ASKED = 3  # suggestions a question
TIMES = 3  # each question is asked


def folds(data: Labelled, number: int, seed: int) -> list[tuple[list[int], list[int]]]:
    """Return what is learnt from and what is asked, fold by fold."""
    splitter = StratifiedGroupKFold(number, shuffle=True, random_state=seed)
    parts = splitter.split(data.texts, data.labels, data.groups)
    return [(learnt.tolist(), asked.tolist()) for learnt, asked in parts]


def fit(data: Labelled, rows: list[int], others: list[str]) -> Triage:
    """Learn from some of the messages."""
    return Triage.fit(
        [data.texts[row] for row in rows],
        [data.labels[row] for row in rows],
        others=others,
        groups=[data.groups[row] for row in rows],
    )


def plain_peer(data: Labelled, learnt: list[int], asked: list[int]) -> list[str]:
    """Return what the plain way predicts."""
    machine = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2), LinearSVC(random_state=0)
    )
    machine.fit([data.texts[row] for row in learnt], [data.labels[row] for row in learnt])
    return [str(label) for label in machine.predict([data.texts[row] for row in asked])]


def timed(model: Triage, text: str) -> tuple[Suggestion, list[float]]:
    """Return the first suggestion for a text, and what each asking took in milliseconds.

    The last number is the least processor time of all askings.
    """
    waited, worked = [], []
    for _ in range(TIMES):
        begun, busy = time.perf_counter(), time.thread_time()
        found = model.suggest(text, ASKED)
        waited.append((time.perf_counter() - begun) * 1000)
        worked.append((time.thread_time() - busy) * 1000)
    return found[0], [*waited, min(worked)]


def measure(number: int, seed: int) -> dict[str, Any]:
    """Run all folds, ask every message once, and compare."""
    data = labelled()
    others = unlabelled(data.texts)
    suggested, plain = [""] * len(data.texts), [""] * len(data.texts)
    sure = [0.0] * len(data.texts)
    fits, sizes, waits, calm, works = [], [], [], [], []
    for learnt, asked in folds(data, number, seed):
        begun = time.perf_counter()
        model = fit(data, learnt, others)
        fits.append(time.perf_counter() - begun)
        sizes.append(len(to_bytes(model)))
        for row in asked:
            best, (*waited, worked) = timed(model, data.texts[row])
            waits += waited
            calm.append(min(waited))
            works.append(worked)
            suggested[row], sure[row] = best.code, best.confidence
        for row, label in zip(asked, plain_peer(data, learnt, asked), strict=True):
            plain[row] = label
    right = [one == label for one, label in zip(suggested, data.labels, strict=True)]
    figures = {
        "macro_f1": round(macro_f1(data.labels, suggested), 4),
        "calibration_error": round(calibration_error(sure, right), 4),
        "p99_calm_ms": round(float(np.percentile(calm, 99)), 2),
        "megabytes": round(max(sizes) / 1e6, 2),
        "fit_calm_s": round(min(fits), 1),
    }
    return {
        "name": "triage",
        "messages": len(data.texts),
        "unlabelled": len(others),
        "folds": number,
        "seed": seed,
        "near_identical": len(data.texts) - len(set(data.groups)),
        **figures,
        "accuracy": round(sum(right) / len(right), 4),
        "p50_ms": round(float(np.percentile(waits, 50)), 2),
        "p99_ms": round(float(np.percentile(waits, 99)), 2),
        "p99_cpu_ms": round(float(np.percentile(works, 99)), 2),
        "fit_s": round(max(fits), 1),
        "plain_macro_f1": round(macro_f1(data.labels, plain), 4),
        "published_macro_f1": round(macro_f1(data.labels, data.published), 4),
        "bounds": BOUNDS,
        "ok": figures["macro_f1"] >= BOUNDS["macro_f1"]
        and all(figures[name] <= BOUNDS[name] for name in BOUNDS if name != "macro_f1"),
    }


def main() -> int:
    """Measure where the messages are; say so and fail where they are not."""
    parser = argparse.ArgumentParser(description="Sorting messages by what they say.")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    if not MESSAGES.is_dir():
        print(f"no messages at {MESSAGES}; set LINLI_SHARED_DATA", file=sys.stderr)
        return 2
    result = measure(asked.folds, asked.seed)
    print(json.dumps(result, ensure_ascii=False))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
