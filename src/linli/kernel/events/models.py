"""The append-only log. No code path updates or deletes an event; the database refuses too."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from linli.kernel.identifiers import new_uuid
from linli.kernel.matters.models import Audience


class AppendOnly(RuntimeError):
    """Somebody tried to change or delete an event."""


class EventQuerySet(models.QuerySet["Event"]):
    """Reads; the ways to change rows are closed."""

    def update(self, **kwargs: Any) -> int:
        raise AppendOnly("events are never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnly("events are never deleted")


class Event(models.Model):
    """One action on one matter: who, by what standing, when, with which facts.

    ``facts`` holds no personal value: those are ``commitments`` here (salted hashes) and
    `PersonalValue` rows elsewhere, which can be erased while the event stays verifiable.
    ``seq`` is the matter's version after the event. ``answerable`` (the organisation responsible,
    else the desk), ``area`` and ``category`` are the matter's as they stood after the event, so
    that figures and their evidence stay what they were when the matter moves on.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    community = models.ForeignKey(
        "organisations.Community", models.PROTECT, related_name="events", db_index=False
    )
    matter = models.ForeignKey("matters.Matter", models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=80)  # "casework.replied"
    action = models.CharField(max_length=40)
    actor = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="events")
    relation = models.CharField(max_length=60)  # by which standing the actor acted
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, related_name="events"
    )
    answerable = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, related_name="+", db_index=False
    )
    area = models.ForeignKey(
        "places.Area", models.PROTECT, null=True, related_name="+", db_index=False
    )
    category = models.CharField(max_length=60, blank=True, db_default="")
    from_stage = models.CharField(max_length=40, blank=True)
    to_stage = models.CharField(max_length=40)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    commitments = models.JSONField(default=dict)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    at = models.DateTimeField(default=timezone.now)
    leaf_hash = models.BinaryField(max_length=32)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "seq"], name="one_event_a_seq")]
        indexes = [
            models.Index(fields=["community", "kind", "at"], name="event_kind_at"),
            models.Index(fields=["community", "at"], name="event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.seq} of {self.matter_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly("events are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnly("events are never deleted")


class PersonalValue(models.Model):
    """What a commitment of an event stands for, encrypted with its subject's key."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="personal_values")
    field = models.CharField(max_length=40)
    subject = models.ForeignKey("people.Person", models.PROTECT, related_name="personal_values")
    ciphertext = models.BinaryField()
    salt = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "field"], name="one_value_a_field")]

    def __str__(self) -> str:
        return f"{self.field} of event {self.event_id}"
