"""The rules of 接诉即办, readable top to bottom.

北京市接诉即办工作条例 (2021); durations, reasons and thresholds come from the pack.
Taking requests in is `intake`, working on them `handling`, asking the reporter `rating`,
joining and splitting `joining`.
"""

from linli.mechanisms.casework import handling, intake, joining, rating, triage
from linli.mechanisms.casework.stages import procedure

__all__ = ["handling", "intake", "joining", "procedure", "rating", "triage"]
