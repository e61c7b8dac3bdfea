"""Kept models with their scores, and what came of each suggestion."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.identifiers import new_uuid


class Subject(models.TextChoices):
    """What is suggested."""

    CATEGORY = "category", _("Category")
    UNIT = "unit", _("Unit")


class Verdict(models.TextChoices):
    """Why a model was taken into use, or not."""

    BETTER = "better", _("Better on the decisions kept aside")
    FIRST = "first", _("Better on the decisions kept aside than the words of the pack")
    NOT_BETTER = "not_better", _("Not better on the decisions kept aside")
    LESS_HONEST = "less_honest", _("Better, but its confidence comes true less often")
    HELD = "held", _("Better, but a supervisor chose the one in use")


class TriageModel(models.Model):
    """A model fitted on a community's own decisions. What was never taken into use has no data.

    ``learnt``: decisions it learnt from; ``kept``: decisions kept aside to judge it. ``scores``
    and ``rival``: ``{macro_f1, hits, error}`` of it and of the one then in use, on the same.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    community = models.ForeignKey(
        "organisations.Community", models.CASCADE, related_name="+", db_index=False
    )
    subject = models.CharField(max_length=10, choices=Subject.choices)
    version = models.PositiveIntegerField()
    fitted_at = models.DateTimeField(default=timezone.now)
    learnt = models.PositiveIntegerField()
    kept = models.PositiveIntegerField()
    codes = models.PositiveIntegerField()
    scores = models.JSONField(default=dict)
    rival = models.JSONField(default=dict)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    data = models.BinaryField(default=bytes)
    in_use = models.BooleanField(default=False)
    used_since = models.DateTimeField(null=True)
    held_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "subject", "version"], name="one_triage_version"
            ),
            models.UniqueConstraint(
                fields=["community", "subject"],
                condition=Q(in_use=True),
                name="one_triage_model_in_use",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.version}"


class SuggestionOutcome(models.Model):
    """What was suggested for a matter, and what the desk decided.

    ``suggested`` is empty where nothing was; ``version`` 0 is the words of the pack.
    """

    community = models.ForeignKey(
        "organisations.Community", models.CASCADE, related_name="+", db_index=False
    )
    matter = models.ForeignKey("matters.Matter", models.CASCADE, related_name="+")
    subject = models.CharField(max_length=10, choices=Subject.choices)
    version = models.PositiveIntegerField()
    suggested = models.CharField(max_length=60, blank=True)
    confidence = models.FloatField(default=0.0)
    sure = models.BooleanField(default=False)
    chosen = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "subject"], name="one_outcome_a_matter")
        ]
        indexes = [models.Index(fields=["community", "subject", "at"], name="outcome_at")]

    def __str__(self) -> str:
        return f"{self.subject} of {self.matter_id}: {self.suggested} → {self.chosen}"


class TriageNight(models.Model):
    """A night on which models were fitted: whoever writes the row does it, nobody twice."""

    community = models.ForeignKey(
        "organisations.Community", models.CASCADE, related_name="+", db_index=False
    )
    day = models.DateField()  # in the community's zone

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "day"], name="one_triage_a_night")
        ]

    def __str__(self) -> str:
        return f"{self.community_id} {self.day}"
