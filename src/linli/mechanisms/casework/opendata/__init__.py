"""Open data (开放数据): requests of a closed month or quarter as rows anyone may use.

Made anonymous by `linli.engines.anonymity`, looked at and released by people, then frozen: what
was published once is never published finer, and never for the same days again.
"""
