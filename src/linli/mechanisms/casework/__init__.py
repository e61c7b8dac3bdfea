"""接诉即办: a resident reports, the desk triages, a unit answers with a date, the reporter rates.

The unit first given a request stays answerable for it. Clocks run in working time, promises
become clocks, and only the reporter decides whether a request counts as solved.
"""
