"""The rules of 接诉即办, readable top to bottom.

北京市接诉即办工作条例 (2021); durations, reasons and thresholds come from the pack.
Taking requests in is `intake`, sending them `triage`, working on them `handling`, returning what
is not one's duty `returning`, parts for several units `parts`, urging `urging`, what cannot be
solved now `account`, the reporter's say `rating`, calling back `callbacks`, leaving out of the
rates `exclusions`, the reporter's appeal `appeal`, clocks that run out `escalating`, joining and
splitting `joining`, what that means for those joined `following` and `parting`, support instead of
a second report `supporting`, what a dissolved unit had `dissolving`, what happened before Linli
`past`, what comes from other systems and what they say of it `elsewhere`, what comes by e-mail
`by_mail.reporting`.
"""

from linli.kernel.people.forgetting import let_reporters_be_forgotten
from linli.mechanisms.casework.stages import procedure

# In the order in which people are offered the actions.
from linli.mechanisms.casework import intake  # isort: skip
from linli.mechanisms.casework.by_mail import reporting  # isort: skip
from linli.mechanisms.casework import triage  # isort: skip
from linli.mechanisms.casework import handling  # isort: skip
from linli.mechanisms.casework import returning  # isort: skip
from linli.mechanisms.casework import parts  # isort: skip
from linli.mechanisms.casework import urging  # isort: skip
from linli.mechanisms.casework import account  # isort: skip
from linli.mechanisms.casework import rating  # isort: skip
from linli.mechanisms.casework import callbacks  # isort: skip
from linli.mechanisms.casework import exclusions  # isort: skip
from linli.mechanisms.casework import appeal  # isort: skip
from linli.mechanisms.casework import escalating  # isort: skip
from linli.mechanisms.casework import joining  # isort: skip
from linli.mechanisms.casework import following  # isort: skip
from linli.mechanisms.casework import parting  # isort: skip
from linli.mechanisms.casework import supporting  # isort: skip
from linli.mechanisms.casework import dissolving  # isort: skip
from linli.mechanisms.casework import past  # isort: skip
from linli.mechanisms.casework import elsewhere  # isort: skip

let_reporters_be_forgotten(procedure)

__all__ = [
    "account",
    "appeal",
    "callbacks",
    "dissolving",
    "elsewhere",
    "escalating",
    "exclusions",
    "following",
    "handling",
    "intake",
    "joining",
    "parting",
    "parts",
    "past",
    "procedure",
    "rating",
    "reporting",
    "returning",
    "supporting",
    "triage",
    "urging",
]
