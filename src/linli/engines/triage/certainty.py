"""How sure one may be: scores made into chances that come true as often as they say.

Scores become shares by softmax with one temperature (Guo et al. 2017); the share of the first is
then corrected by Platt's logistic curve, since one temperature leaves the unsure too unsure and
the sure too sure. Both are set by texts the model has not learnt from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar  # type: ignore[import-untyped]

Floats = NDArray[np.float64]
FEWEST = 50  # texts; with fewer, certainty is not measured but guessed
COLDEST, HOTTEST = -1.0, 4.0  # natural logarithms of the sharpness
HIGHEST = 0.99  # nobody is surer than that
_CLOSE = 1e-6


@dataclass(frozen=True)
class Certainty:
    """``sharpness``: inverse temperature; ``slope`` and ``offset`` of the curve for the first.

    ``measured``: the number of texts it was set by; 0 means that it is a guess.
    """

    sharpness: float = 14.0  # a text that says all the words of a code is then likely it
    slope: float = 1.0
    offset: float = 0.0
    measured: int = 0

    def chances(self, scores: Floats) -> Floats:
        """Return the chance of each code for the scores of one text."""
        shares = _shares(scores[None, :], self.sharpness)[0]
        first = int(shares.argmax())
        sure = float(_curve(_log_odds(shares[first : first + 1]), self.slope, self.offset)[0])
        sure = min(max(sure, 1 / len(scores)), HIGHEST)
        rest = 1.0 - float(shares[first])
        if rest > _CLOSE:
            spread = shares * ((1.0 - sure) / rest)
        else:  # the others are alike: none is known to be likelier
            spread = np.full(len(shares), (1.0 - sure) / max(len(shares) - 1, 1))
        chances = np.minimum(spread, sure)
        chances[first] = sure
        told: Floats = chances / chances.sum()
        return told


def loss(scores: Floats, codes: NDArray[np.intp], sharpness: float) -> float:
    """Return the mean negative logarithm of the shares that the right codes get."""
    right = _shares(scores, sharpness)[np.arange(len(codes)), codes]
    return float(-np.log(np.maximum(right, 1e-12)).mean())


def measure(scores: Floats, codes: NDArray[np.intp]) -> tuple[Certainty, float]:
    """Return the certainty under which the right codes are likeliest, and their `loss`."""
    if len(codes) < FEWEST:
        guess = Certainty()
        return guess, loss(scores, codes, guess.sharpness) if len(codes) else 0.0
    found = minimize_scalar(
        lambda log: loss(scores, codes, float(np.exp(log))),
        bounds=(COLDEST, HOTTEST),
        method="bounded",
    )
    sharpness = float(np.exp(found.x))
    shares = _shares(scores, sharpness)
    odds, right = _log_odds(shares.max(axis=1)), shares.argmax(axis=1) == codes
    slope, offset = _platt(odds, right)
    return Certainty(sharpness, slope, offset, len(codes)), float(found.fun)


def _platt(odds: Floats, right: NDArray[np.bool_]) -> tuple[float, float]:
    """Fit the curve; the targets are drawn in a little, as Platt (1999) has it."""
    hits, misses = int(right.sum()), int((~right).sum())
    targets = np.where(right, (hits + 1) / (hits + 2), 1 / (misses + 2))

    def lost(line: Floats) -> float:
        at = np.clip(_curve(odds, *line), _CLOSE, 1 - _CLOSE)
        return float(-(targets * np.log(at) + (1 - targets) * np.log(1 - at)).mean())

    found = minimize(lost, np.array([1.0, 0.0]), method="L-BFGS-B", bounds=[(0.05, 5), (-5, 5)])
    return float(found.x[0]), float(found.x[1])


def _shares(scores: Floats, sharpness: float) -> Floats:
    raised = np.exp(sharpness * (scores - scores.max(axis=1, keepdims=True)))
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _log_odds(shares: Floats) -> Floats:
    held = np.clip(shares, _CLOSE, 1 - _CLOSE)
    odds: Floats = np.log(held / (1 - held))
    return odds


def _curve(odds: Floats, slope: float, offset: float) -> Floats:
    sure: Floats = 1 / (1 + np.exp(-(slope * odds + offset)))
    return sure
