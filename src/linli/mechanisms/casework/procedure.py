"""The rules of 接诉即办, readable top to bottom.

北京市接诉即办工作条例 (2021); durations, reasons and thresholds come from the pack.
Taking requests in is `intake`, working on them `handling`, what cannot be solved now `account`,
the reporter's say `rating`, calling back `callbacks`, leaving out of the rates `exclusions`,
joining and splitting `joining`, what that means for those joined `following` and `parting`,
support instead of a second report `supporting`, bringing in what happened before Linli `past`,
what comes from other systems and what they say of it `elsewhere`.
"""

from linli.kernel.people.forgetting import let_reporters_be_forgotten
from linli.mechanisms.casework.stages import procedure

# In the order in which people are offered the actions.
from linli.mechanisms.casework import intake  # isort: skip
from linli.mechanisms.casework import triage  # isort: skip
from linli.mechanisms.casework import handling  # isort: skip
from linli.mechanisms.casework import account  # isort: skip
from linli.mechanisms.casework import rating  # isort: skip
from linli.mechanisms.casework import callbacks  # isort: skip
from linli.mechanisms.casework import exclusions  # isort: skip
from linli.mechanisms.casework import joining  # isort: skip
from linli.mechanisms.casework import following  # isort: skip
from linli.mechanisms.casework import parting  # isort: skip
from linli.mechanisms.casework import supporting  # isort: skip
from linli.mechanisms.casework import past  # isort: skip
from linli.mechanisms.casework import elsewhere  # isort: skip

let_reporters_be_forgotten(procedure)

__all__ = [
    "account",
    "callbacks",
    "elsewhere",
    "exclusions",
    "following",
    "handling",
    "intake",
    "joining",
    "parting",
    "past",
    "procedure",
    "rating",
    "supporting",
    "triage",
]
