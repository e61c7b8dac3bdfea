"""Daily roll-ups, and the events not yet folded into them."""

from __future__ import annotations

from django.db import models


class Rollup(models.Model):
    """One figure of one day for one organisation, area and category: a sum that adds up."""

    community = models.ForeignKey(
        "organisations.Community", models.PROTECT, related_name="+", db_index=False
    )
    indicator = models.CharField(max_length=60)
    day = models.DateField()  # in the community's zone
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, related_name="+", db_index=False
    )
    area = models.ForeignKey(
        "places.Area", models.PROTECT, null=True, related_name="+", db_index=False
    )
    category = models.CharField(max_length=60, blank=True)
    # Organisation, area and category in one value: SQLite treats NULLs as distinct.
    cell = models.CharField(max_length=110)
    value = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "indicator", "day", "cell"], name="one_rollup_a_cell"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.day}: {self.value}"


class PendingEvent(models.Model):
    """An event that the roll-ups have not counted yet; written with it, removed when counted."""

    event = models.OneToOneField("events.Event", models.PROTECT, primary_key=True)

    def __str__(self) -> str:
        return f"event {self.event_id}"
