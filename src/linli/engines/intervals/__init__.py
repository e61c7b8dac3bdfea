"""How far a share may be off when only few were asked: Wilson's score interval.

>>> wilson(3, 3).low < wilson(97, 100).low
True
"""

from linli.engines.intervals.score import Interval, wilson

__all__ = ["Interval", "wilson"]
