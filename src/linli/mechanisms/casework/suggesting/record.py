"""How well suggestions do: agreement week by week, and how what people report about shifts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from linli.mechanisms.casework.suggesting.models import SuggestionOutcome, TriageModel

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linli.kernel.organisations.models import Community

WEEKS = 12
LATELY = 4  # weeks compared with those before
MOST_MODELS = 30
MOST_SHIFTS = 6


@dataclass(frozen=True)
class Week:
    """Decisions of a week: all, those where the first suggestion was right, likewise when sure."""

    begins: date
    decided: int
    agreed: int
    sure: int
    sure_agreed: int

    @property
    def per_cent(self) -> int:
        """The share of first suggestions that were right, in per cent."""
        return round(100 * self.agreed / self.decided) if self.decided else 0

    @property
    def sure_per_cent(self) -> int:
        """The same among those it was sure of."""
        return round(100 * self.sure_agreed / self.sure) if self.sure else 0


@dataclass(frozen=True)
class Shift:
    """How a code's share of all decisions moved, in per cent."""

    code: str
    before: float
    lately: float

    @property
    def change(self) -> float:
        """Percentage points; more lately is positive."""
        return self.lately - self.before


def weeks(community: Community, subject: str, now: datetime | None = None) -> list[Week]:
    """Return the last twelve weeks with a decision, newest first. One query."""
    rows = (
        _outcomes(community, subject, now)
        .annotate(week=TruncWeek("at", tzinfo=ZoneInfo(community.timezone)))
        .values("week")
        .annotate(
            decided=Count("pk"),
            agreed=Count("pk", filter=Q(suggested=F("chosen"))),
            all_sure=Count("pk", filter=Q(sure=True)),
            sure_agreed=Count("pk", filter=Q(sure=True, suggested=F("chosen"))),
        )
        .order_by("-week")
    )
    return [
        Week(row["week"].date(), row["decided"], row["agreed"], row["all_sure"], row["sure_agreed"])
        for row in rows
    ]


def shifts(community: Community, subject: str, now: datetime | None = None) -> list[Shift]:
    """Return the codes whose share moved most in the last four weeks, largest first. One query."""
    lately = (now or timezone.now()) - timedelta(weeks=LATELY)
    rows = _outcomes(community, subject, now).values("chosen")
    counts = list(
        rows.annotate(
            lately=Count("pk", filter=Q(at__gte=lately)),
            before=Count("pk", filter=Q(at__lt=lately)),
        )
    )
    new, old = sum(row["lately"] for row in counts), sum(row["before"] for row in counts)
    if not new or not old:
        return []
    found = [
        Shift(row["chosen"], 100 * row["before"] / old, 100 * row["lately"] / new) for row in counts
    ]
    return sorted(found, key=lambda one: (-abs(one.change), one.code))[:MOST_SHIFTS]


def models(community: Community, subject: str) -> list[TriageModel]:
    """Return the newest models and the one in use, without their data. One query."""
    rows = TriageModel.objects.filter(community=community, subject=subject).defer("data")
    found = rows.select_related("held_by").order_by("-in_use", "-version")[:MOST_MODELS]
    return sorted(found, key=lambda row: -row.version)


def usable(community: Community) -> set[int]:
    """Return the models whose data was kept. One query."""
    rows = TriageModel.objects.filter(community=community).exclude(data=b"")
    return set(rows.values_list("pk", flat=True))


def _outcomes(
    community: Community, subject: str, now: datetime | None
) -> QuerySet[SuggestionOutcome]:
    since = (now or timezone.now()) - timedelta(weeks=WEEKS)
    return SuggestionOutcome.objects.filter(community=community, subject=subject, at__gte=since)
