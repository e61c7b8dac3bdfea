"""Another city's server, and each request that both know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.identifiers import new_uuid

if TYPE_CHECKING:
    from datetime import datetime


class Endpoint(models.Model):
    """An Open311 server of another city, to fetch requests from, send them to, or both.

    ``services`` maps its service codes to our categories; of what it does not name nothing is
    fetched and nothing is sent.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    community = models.ForeignKey(
        "organisations.Community", models.PROTECT, related_name="endpoints"
    )
    name = models.CharField(_("name"), max_length=80)
    url = models.URLField(_("address"), max_length=300)
    format = models.CharField(max_length=4, default="json")
    jurisdiction = models.CharField(_("jurisdiction"), max_length=80, blank=True)
    key: Any = models.BinaryField(null=True)  # sealed with the master key
    services = models.JSONField(default=dict)
    pulls = models.BooleanField(_("fetch requests from it"), default=False)
    pushes = models.BooleanField(_("send requests to it"), default=False)
    active = models.BooleanField(_("active"), default=True)
    # Requests made there before are not fetched.
    since = models.DateTimeField(default=timezone.now)
    next_pull_at = models.DateTimeField(default=timezone.now)
    pulled_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)  # fetches in a row
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "name"], name="one_endpoint_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name

    def service_for(self, category: str) -> str:
        """Return the service code there for a category of ours, empty where it has none."""
        return next((code for code, ours in self.services.items() if ours == category), "")


class Exchanged(models.Model):
    """A request that we and an endpoint share, or that one could not give the other.

    The row of a request to be sent is written with the event that says so; the row of one that
    was fetched with the matter. Nothing here is personal.
    """

    class Way(models.TextChoices):
        IN = "in", _("Fetched")
        OUT = "out", _("Sent")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be sent")
        SHARED = "shared", _("Known to both")
        DEAD = "dead", _("Given up")

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    endpoint = models.ForeignKey(Endpoint, models.PROTECT, related_name="exchanged")
    matter = models.ForeignKey(
        "matters.Matter", models.PROTECT, null=True, related_name="exchanged"
    )
    way = models.CharField(max_length=3, choices=Way.choices)
    state = models.CharField(max_length=8, choices=State.choices)
    text = models.TextField(blank=True)  # what is sent; no personal data
    their_id = models.CharField(max_length=120, blank=True)
    their_token = models.CharField(max_length=120, blank=True)  # until they give it an id
    their_status = models.CharField(max_length=8, blank=True)
    their_notes = models.TextField(blank=True)
    their_updated_at = models.DateTimeField(null=True)
    unsure = models.BooleanField(default=False)  # whether the last try may have arrived
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "their_id"],
                condition=~Q(their_id=""),
                name="one_row_a_request_there",
            ),
            models.UniqueConstraint(
                fields=["endpoint", "matter"],
                condition=Q(matter__isnull=False),
                name="one_row_a_request_here",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(state="waiting"), name="exchange_to_send"
            ),
            models.Index(fields=["endpoint", "state"], name="exchange_state"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} as {self.their_id or '?'}"

    def heard_before(self, status: str, notes: str, updated_at: datetime | None) -> bool:
        """Whether nothing of what they say now is new."""
        if updated_at and self.their_updated_at and updated_at < self.their_updated_at:
            return True
        return (status, notes) == (self.their_status, self.their_notes)
