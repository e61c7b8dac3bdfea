"""The rules of 每月一题, readable top to bottom.

北京市接诉即办工作条例 (2021): what is reported much and often becomes a topic of the month, with
units that answer for it, a plan by dates, and a result. How many a month, and how long plan and
progress may take, come from the pack. From proposal to plan is `proposing`, from plan to result
`carrying_out`, one measure `measures`, which reports count `reports`.
"""

from linli.kernel.people.forgetting import let_reporters_be_forgotten
from linli.mechanisms.casework.monthly_topics.stages import measure_procedure, topic_procedure

# In the order in which people are offered the actions.
from linli.mechanisms.casework.monthly_topics import proposing  # isort: skip
from linli.mechanisms.casework.monthly_topics import carrying_out  # isort: skip
from linli.mechanisms.casework.monthly_topics import measures  # isort: skip

PROCEDURES = (topic_procedure, measure_procedure)
for _procedure in PROCEDURES:
    let_reporters_be_forgotten(_procedure)

__all__ = ["PROCEDURES", "carrying_out", "measures", "proposing"]
