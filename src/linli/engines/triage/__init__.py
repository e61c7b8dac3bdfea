"""From the words of a message to its category or unit, with reasons and honest confidence.

>>> texts = ["路灯不亮", "路灯坏了", "路灯又坏了", "垃圾没人收", "垃圾堆满了", "垃圾很臭"]
>>> model = Triage.fit(texts, ["light"] * 3 + ["litter"] * 3, fewest=2)
>>> best = model.suggest("门口路灯坏了", k=1)[0]
>>> best.code, [reason.word for reason in best.reasons]
('light', ['路灯', '坏了'])
"""

from linli.engines.triage.judging import calibration_error, macro_f1
from linli.engines.triage.model import NothingToLearn, Suggestion, Triage
from linli.engines.triage.reasons import Reason
from linli.engines.triage.storing import UnreadableModel, from_bytes, to_bytes

__all__ = [
    "NothingToLearn",
    "Reason",
    "Suggestion",
    "Triage",
    "UnreadableModel",
    "calibration_error",
    "from_bytes",
    "macro_f1",
    "to_bytes",
]
