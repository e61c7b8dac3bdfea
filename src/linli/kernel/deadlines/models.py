"""The clock on a matter."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Clock(models.Model):
    """Time that runs on a matter until something is done, in working time.

    ``due_at`` moves when a pause ends or the clock is extended. While paused,
    ``remaining_seconds`` keeps the working time that was left.
    """

    community = models.ForeignKey(
        "organisations.Community", models.PROTECT, related_name="+", db_index=False
    )
    matter = models.ForeignKey("matters.Matter", models.PROTECT, related_name="clocks")
    name = models.CharField(max_length=40)  # a key of the pack's clocks
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    promised = models.BooleanField(default=False)  # the date is a promise to the reporter
    paused_at = models.DateTimeField(null=True)
    remaining_seconds = models.FloatField(null=True)
    extended = models.PositiveSmallIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True)
    kept = models.BooleanField(null=True)  # None while it runs or when cancelled
    overdue_at = models.DateTimeField(null=True)  # when it was found overdue, once
    level = models.PositiveSmallIntegerField(default=0)  # how often it was escalated
    climbs_at = models.DateTimeField(null=True)  # overdue: when the next level up is told

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "name"],
                condition=Q(stopped_at__isnull=True),
                name="one_running_clock_of_a_name",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(
                    stopped_at__isnull=True, paused_at__isnull=True, overdue_at__isnull=True
                ),
                name="clock_to_find_overdue",
            ),
            models.Index(
                fields=["climbs_at"],
                condition=Q(stopped_at__isnull=True, climbs_at__isnull=False),
                name="clock_to_climb",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.matter_id} until {self.due_at:%Y-%m-%d %H:%M}"
