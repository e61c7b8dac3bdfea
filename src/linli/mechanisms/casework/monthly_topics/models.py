"""What topics of the month and their measures add to their matters."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import MatterDetail


class MonthlyTopic(MatterDetail):
    """A topic of the month (每月一题).

    The matter's responsible organisation leads, its desk proposed it; what it arose from are
    links. ``month``: the first day of the month it was chosen for. ``category`` and ``area`` of
    the matter say which reports count where no hot topic does. ``before`` and ``after``: reports
    in the pack's days before the plan was published and before the conclusion, as counted then.
    """

    topic = models.ForeignKey(
        "hot_topics.HotTopic", models.SET_NULL, null=True, related_name="monthly"
    )
    why = models.TextField(_("why it was proposed"))
    month = models.DateField(null=True)
    partners = models.JSONField(default=list)  # uuids of organisations
    plan = models.TextField(_("plan"), blank=True)
    target = models.CharField(_("target"), max_length=200, blank=True)
    published_at = models.DateTimeField(null=True)
    before = models.PositiveIntegerField(null=True)
    before_until = models.DateField(null=True)  # the day after the last that was counted
    after = models.PositiveIntegerField(null=True)
    after_until = models.DateField(null=True)
    measured_days = models.PositiveSmallIntegerField(default=30)
    outcome = models.TextField(_("what came of it"), blank=True)
    late = models.BooleanField(default=False)  # a clock of its own ran out once

    class Meta:
        indexes = [models.Index(fields=["month"], name="monthly_topic_month")]


class Measure(MatterDetail):
    """One measure of a plan: the matter's text says what, the organisation responsible is who."""

    main = models.ForeignKey(MonthlyTopic, models.PROTECT, related_name="measures")
    due_on = models.DateField(_("by"))
    done = models.TextField(_("what was done"), blank=True)
    done_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
