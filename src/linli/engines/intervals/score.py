"""The score interval of a binomial share.

E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
the American Statistical Association 22 (1927), 209–212. Recommended for small numbers by
L. D. Brown, T. T. Cai, A. DasGupta, "Interval estimation for a binomial proportion", Statistical
Science 16 (2001), 101–133: it never leaves 0…1 and does not shrink to a point at 0 or 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """From ``low`` to ``high``, both shares between 0 and 1, around the observed ``share``."""

    share: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """How much is unknown."""
        return self.high - self.low


def wilson(part: float, whole: int, confidence: float = CONFIDENCE) -> Interval:
    """Return the score interval of ``part`` out of ``whole``.

    ``part`` may be a sum of weights between 0 and 1; the interval is then somewhat too wide,
    never too narrow, because weights vary less than yes and no do. Raises ValueError where
    nothing was counted, where the part is no part of the whole, or where the confidence is not
    strictly between 0 and 1.
    """
    if whole < 1 or not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole} is no share")
    share, square = part / whole, _quantile(confidence) ** 2
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    spread = sqrt(share * (1 - share) * square / whole + square**2 / (4 * whole**2))
    half = spread / (1 + square / whole)
    # Rounding alone could leave the range, or the share itself, by the last digit.
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Interval(share, min(low, share), max(high, share))


@lru_cache(maxsize=16)
def _quantile(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"{confidence} is no confidence")
    return NormalDist().inv_cdf((1 + confidence) / 2)
