"""Near-duplicates: which of a few reports from one place and time say the same thing.

>>> index = SimilarityIndex([Report("DH-1", "3号楼前的路灯不亮", Spot(114.3, 30.5), day=4)])
>>> index.nearest(Report("", "路灯坏了，晚上很黑", Spot(114.3001, 30.5), day=5))
"""

from linli.engines.similarity.index import Likeness, Report, SimilarityIndex, Spot
from linli.engines.similarity.shingles import Shingles, shingles

__all__ = ["Likeness", "Report", "Shingles", "SimilarityIndex", "Spot", "shingles"]
