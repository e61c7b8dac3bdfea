"""The rules of 吹哨报到, readable top to bottom.

北京市街道办事处条例 (2019) and 北京市接诉即办工作条例 (2021): communities and streets may call
departments to where they are needed; the departments report in, and are rated for it. How long
they have, and the reasons they may give, come from the pack.
Whistling and the joint record are `blowing`, what a department called does `calls`, what was
agreed `duties`.
"""

from linli.kernel.people.forgetting import let_reporters_be_forgotten
from linli.mechanisms.whistle.stages import call_procedure, duty_procedure, whistle_procedure

# In the order in which people are offered the actions.
from linli.mechanisms.whistle import blowing  # isort: skip
from linli.mechanisms.whistle import calls  # isort: skip
from linli.mechanisms.whistle import duties  # isort: skip

PROCEDURES = (whistle_procedure, call_procedure, duty_procedure)
for _procedure in PROCEDURES:
    let_reporters_be_forgotten(_procedure)

__all__ = ["PROCEDURES", "blowing", "calls", "duties"]
