"""The figures of 接诉即办 as they are kept from events.

The three rates follow 北京市接诉即办工作条例 (2021): answered in time, solved and satisfied,
the last two by the word of the reporter alone. Each figure opens to its events. The three plain
figures of the public board count public requests, see `casework.board`.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.indicators.declaration import Indicator
from linli.kernel.indicators.distributions import Distribution
from linli.mechanisms.casework.models import Satisfaction

RECEIVED = (
    "casework.reported",
    "casework.taken_down",
    "casework.split_off",
    "casework.brought_in",
    "casework.submitted",
    "casework.taken_over",
)
ANSWERS = ("casework.replied", "casework.replied_together", "casework.answered_before")
RATINGS = ("casework.rated", "casework.called_back")
PROMISES = ("casework.replied", "casework.informed", "casework.extended")
_OVERDUE = "casework.overdue"

reported = Indicator("casework.reported", _("Reported"), RECEIVED)
# Not a report, yet somebody who waits for an answer and is asked: in the rates like any other.
supported = Indicator("casework.supported", _("Supported"), ("casework.supported",))
# What a unit was given: by the desk, by a supervisor's decision, or as its part of another's.
sent_to_unit = Indicator(
    "casework.sent_to_unit",
    _("Sent to a unit"),
    ("casework.dispatched", "casework.assigned", "casework.part_begun"),
)
answered = Indicator("casework.answered", _("Answered"), ANSWERS, Q(facts__first=True))
answered_in_time = Indicator(
    "casework.answered_in_time",
    _("Answered in time"),
    ANSWERS,
    Q(facts__first=True, facts__reply_clock="kept"),
)
# A deadline missed counts when it is found to have passed, answered later or not.
answer_missed = Indicator(
    "casework.answer_missed",
    _("Deadline for the answer missed"),
    (*ANSWERS, _OVERDUE),
    Q(kind__in=ANSWERS, facts__reply_clock="broken") | Q(kind=_OVERDUE, facts__clock="reply"),
)
SOLUTIONS = ("casework.solved", "casework.solved_together")
solved_reported = Indicator("casework.solved_reported", _("Reported as done"), SOLUTIONS)
# Working time since the report; what was answered or done before these were noted has none.
reply_time = Distribution(
    "casework.reply_time", _("Time until the first answer"), ANSWERS, fact="reply_minutes"
)
solve_time = Distribution(
    "casework.solve_time", _("Time until first reported as done"), SOLUTIONS, fact="solve_minutes"
)
# A request that comes back in hand and is solved again is rated again: each answer counts.
rated = Indicator("casework.rated", _("Rated"), RATINGS)
contacted_yes = Indicator(
    "casework.contacted_yes", _("Was contacted"), RATINGS, Q(facts__contacted=True)
)
solved_yes = Indicator(
    "casework.solved_yes", _("Solved, says the reporter"), RATINGS, Q(facts__solved=True)
)
satisfied_yes = Indicator(
    "casework.satisfied_yes",
    _("Satisfied, says the reporter"),
    RATINGS,
    Q(facts__satisfaction__gte=int(Satisfaction.BASICALLY)),
)
# The five answers apart: what each counts as satisfied is the pack's (`rates.shares`).
satisfactions = [
    Indicator(
        f"casework.satisfaction_{answer.value}",
        answer.label,
        RATINGS,
        Q(facts__satisfaction=answer.value),
    )
    for answer in Satisfaction
]
# Counted when the last try failed and the request closed; never as satisfied.
not_reached = Indicator(
    "casework.not_reached",
    _("Reporter not reached"),
    ("casework.not_reached",),
    Q(to_stage="closed"),
)
refused_to_answer = Indicator(
    "casework.refused_to_answer",
    _("Reporter did not want to be asked"),
    ("casework.not_reached",),
    Q(to_stage="closed", facts__outcome="refused"),
)
put_on_account = Indicator(
    "casework.put_on_account", _("Put on the public account"), ("casework.put_on_account",)
)
off_account = Indicator(
    "casework.taken_off_account",
    _("Taken off the public account unsolved"),
    ("casework.taken_off_account",),
)
left_out = Indicator(
    "casework.left_out",
    _("Left out of the rates"),
    ("casework.exclusion_decided",),
    Q(facts__decision="accept"),
)
returned = Indicator(
    "casework.returned", _("Returned by the unit"), ("casework.returned",), of="organisation"
)
reopened = Indicator("casework.reopened", _("Reopened"), ("casework.reopened",))
# A date moved in time is a new promise; the old one was neither kept nor broken.
promises_made = Indicator(
    "casework.promises_made", _("Dates promised"), PROMISES, Q(facts__promise="made")
)
promises_kept = Indicator(
    "casework.promises_kept",
    _("Promises kept"),
    ("casework.solved",),
    Q(facts__promise="kept"),
)
promises_broken = Indicator(
    "casework.promises_broken",
    _("Promises broken"),
    ("casework.solved", _OVERDUE),
    Q(facts__promise="broken"),
)
overdue = Indicator("casework.overdue", _("Deadlines missed"), (_OVERDUE,))
# The reporter asked the level above to look again; what that found.
appealed = Indicator("casework.appealed", _("Appeals"), ("casework.appealed",))
appeals_upheld = Indicator(
    "casework.appeals_upheld",
    _("Appeals upheld"),
    ("casework.appeal_decided",),
    Q(facts__upheld=True),
)
appeals_dismissed = Indicator(
    "casework.appeals_dismissed",
    _("Appeals dismissed"),
    ("casework.appeal_decided",),
    Q(facts__upheld=False),
)
urged = Indicator("casework.urged", _("Urged by the supervisor"), ("casework.urged",))
