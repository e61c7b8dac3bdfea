"""How good suggestions are: hits, macro F1, and whether they are right as often as they say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def macro_f1(codes: Sequence[str], suggested: Sequence[str]) -> float:
    """Return the mean over the codes of the harmonic mean of precision and recall.

    A code that neither occurs nor is suggested does not count; nothing to judge gives 0.

    >>> macro_f1(["a", "a", "b"], ["a", "b", "b"])
    0.6666666666666666
    """
    shares = []
    for code in sorted({*codes, *suggested}):
        hits = sum(a == b == code for a, b in zip(codes, suggested, strict=True))
        named = sum(a == code for a in codes) + sum(b == code for b in suggested)
        shares.append(2 * hits / named)
    return sum(shares) / len(shares) if shares else 0.0


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Return the expected calibration error (Guo et al. 2017): 0 is perfect, 1 the worst.

    ``bins``: of equal width; in each, how far the share that is right lies from the mean
    confidence, weighed by how many fall into it.

    >>> calibration_error([0.75, 0.75, 0.75, 0.75], [True, True, True, False])
    0.0
    """
    if not len(confidences):
        return 0.0
    sure, hit = np.asarray(confidences, dtype=float), np.asarray(right, dtype=float)
    place = np.clip(np.ceil(sure * bins).astype(int) - 1, 0, bins - 1)
    gaps = [abs((hit[place == one] - sure[place == one]).sum()) for one in range(bins)]
    return float(sum(gaps)) / len(sure)
