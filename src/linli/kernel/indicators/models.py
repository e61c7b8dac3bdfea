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
        # For few days narrowed by several things at once; months and single ones are summed up.
        indexes = [
            models.Index(fields=["community", "organisation", "day"], name="rollup_unit"),
            models.Index(fields=["community", "area", "day"], name="rollup_area"),
            models.Index(fields=["community", "category", "day"], name="rollup_category"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.day}: {self.value}"


class Summary(models.Model):
    """A sum of roll-ups over a month, or over all but one or two of unit, grid and category.

    What pages of figures read: see `summaries`. A key of 0, or no category, is both "none" and
    "any": which one it is, ``level`` says.
    """

    community = models.ForeignKey(
        "organisations.Community", models.PROTECT, related_name="+", db_index=False
    )
    level = models.CharField(max_length=10)  # "month:oc": of a month, by organisation and category
    indicator = models.CharField(max_length=60)
    since = models.DateField()  # the day, or the first of the month
    organisation = models.BigIntegerField(default=0)
    category = models.CharField(max_length=60, blank=True)
    area = models.BigIntegerField(default=0)
    value = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                # In this order a page's rows lie together: what they are by comes last.
                fields=["community", "level", "indicator", "since", "organisation", "category",
                        "area"],
                name="one_summary_a_cell",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["community", "level", "area", "indicator", "since"],
                         name="summary_area"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.level} {self.indicator} {self.since}: {self.value}"


class PendingEvent(models.Model):
    """An event that the roll-ups have not counted yet; written with it, removed when counted."""

    event = models.OneToOneField("events.Event", models.PROTECT, primary_key=True)

    def __str__(self) -> str:
        return f"event {self.event_id}"
