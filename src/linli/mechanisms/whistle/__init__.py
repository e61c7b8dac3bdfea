"""吹哨报到: a community or street whistles, and every department called reports in on its clock.

Each call is a matter of its own, part of the whistle, so that each department has its own inbox
entry, clock, record and rating. Who does not come is shown.
"""
