"""每月一题: what many report becomes a matter of its own, with lead, plan, measures and a result.

Its figures are counted from the reports it arose from. Each measure is a matter of its own, so
that each unit has its own clock and record.
"""
