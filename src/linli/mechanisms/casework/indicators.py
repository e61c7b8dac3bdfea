"""The figures of 接诉即办, and the three the public sees first.

The three rates follow 北京市接诉即办工作条例 (2021): answered in time, solved and satisfied,
the last two by the word of the reporter alone. Each figure opens to its events.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.indicators.declaration import Indicator
from linli.kernel.indicators.reading import evidence, total
from linli.mechanisms.casework.models import Satisfaction

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.kernel.events.models import Event
    from linli.kernel.organisations.models import Community

RECEIVED = (
    "casework.reported",
    "casework.taken_down",
    "casework.split_off",
    "casework.brought_in",
)
ANSWERS = ("casework.replied", "casework.replied_together", "casework.answered_before")
RATINGS = ("casework.rated", "casework.called_back")
PROMISES = ("casework.replied", "casework.informed", "casework.extended")
_OVERDUE = "casework.overdue"

reported = Indicator("casework.reported", _("Reported"), RECEIVED)
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
solved_reported = Indicator(
    "casework.solved_reported",
    _("Reported as done"),
    ("casework.solved", "casework.solved_together"),
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
# Counted when the last try failed and the request closed; never as satisfied.
not_reached = Indicator(
    "casework.not_reached",
    _("Reporter not reached"),
    ("casework.not_reached",),
    Q(to_stage="closed"),
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


@dataclass(frozen=True)
class PlainFigure:
    """A figure in plain words: a count, or ``part`` of ``whole``; both open to their events."""

    label: Any
    part: int
    evidence: QuerySet[Event]
    whole: int | None = None
    evidence_whole: QuerySet[Event] | None = None

    @property
    def share(self) -> float | None:
        """``part`` ÷ ``whole``, 0 to 1; None for a count, and where there is nothing to share."""
        return self.part / self.whole if self.whole else None


def reported_figure(community: Community, since: date, until: date) -> PlainFigure:
    """How many requests came in."""
    where = (community, since, until)
    return PlainFigure(_("Reported"), total(reported, *where), evidence(reported, *where))


def answered_in_time_figure(community: Community, since: date, until: date) -> PlainFigure:
    """Of the requests whose deadline for the answer was met or missed: how many were in time.

    What was never answered counts against it as soon as its deadline has passed.
    """
    where = (community, since, until)
    in_time, missed = total(answered_in_time, *where), total(answer_missed, *where)
    met = evidence(answered_in_time, *where)
    return PlainFigure(
        _("Answered in time"), in_time, met, in_time + missed, met | evidence(answer_missed, *where)
    )


def solved_figure(community: Community, since: date, until: date) -> PlainFigure:
    """Of the reporters who answered when asked: how many say that it is solved."""
    where = (community, since, until)
    return PlainFigure(
        _("Solved, say the reporters"),
        total(solved_yes, *where),
        evidence(solved_yes, *where),
        total(rated, *where),
        evidence(rated, *where),
    )


def plain_figures(community: Community, month: date) -> list[PlainFigure]:
    """Return the three plain figures of the month in which the day lies."""
    since = month.replace(day=1)
    until = _last_of(since)
    return [
        figure(community, since, until)
        for figure in (reported_figure, answered_in_time_figure, solved_figure)
    ]


def _last_of(first: date) -> date:
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return following.fromordinal(following.toordinal() - 1)
