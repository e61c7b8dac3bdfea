"""Making rows about people safe to publish: k-anonymity and l-diversity by generalising values.

`anonymise` says how coarse each value of each row must be; `faults` checks a finished table
without trusting it; `measure` says what was lost. What is counted are people, not rows.
"""

from linli.engines.anonymity.checking import Fault, faults
from linli.engines.anonymity.days import TIME_LEVELS, days_hierarchy
from linli.engines.anonymity.full_domain import full_domain
from linli.engines.anonymity.generalising import Anonymised, Column, Rule, Sensitive, anonymise
from linli.engines.anonymity.hierarchies import WITHHELD, Hierarchy, NotNested
from linli.engines.anonymity.loss import Loss, measure

__all__ = [
    "TIME_LEVELS",
    "WITHHELD",
    "Anonymised",
    "Column",
    "Fault",
    "Hierarchy",
    "Loss",
    "NotNested",
    "Rule",
    "Sensitive",
    "anonymise",
    "days_hierarchy",
    "faults",
    "full_domain",
    "measure",
]
