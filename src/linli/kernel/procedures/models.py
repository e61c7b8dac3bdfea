"""What was already performed under an idempotency key."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Performed(models.Model):
    """A key that was used: a repeated submission is answered with the first event."""

    scope = models.CharField(max_length=60)  # whose key it is
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)  # of what was asked, so reuse is noticed
    event = models.ForeignKey("events.Event", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="one_use_of_a_key")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
