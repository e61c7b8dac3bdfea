"""Quantiles of times from counts that add up, within a bound of error.

A time in whole minutes falls into one of some hundred bands whose widths grow with the time, as
in DDSketch (Masson, Rim, Lee, VLDB 2019). Counts by band of any days, units or places add up, and
any quantile of the sum is known to within `BOUND` of itself.

>>> band_of(90) == band_of(91), band_of(9) == band_of(10)
(True, False)
>>> quantile({band_of(90): 3, band_of(600): 1}, 0.5)
90
"""

from linli.engines.quantiles.bands import BANDS, BOUND, band_of, edges_of, middle_of, quantile

__all__ = ["BANDS", "BOUND", "band_of", "edges_of", "middle_of", "quantile"]
