"""Topics with their members, their heat from day to day, and what staff corrected."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from linli.kernel.identifiers import new_uuid


class HotTopic(models.Model):
    """What many requests are about. It holds no words: its name is read from its members.

    ``counted_on``: the last day it was found. ``heat`` and its parts, ``reports``, ``people``,
    ``likes``, ``days``, ``areas``: as counted then, over the reports of the pack's days.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    community = models.ForeignKey(
        "organisations.Community", models.CASCADE, related_name="+", db_index=False
    )
    found_on = models.DateField()
    counted_on = models.DateField()
    heat = models.FloatField()
    voices = models.FloatField()
    support = models.FloatField()
    spread = models.FloatField()
    reports = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    likes = models.PositiveIntegerField()
    days = models.PositiveIntegerField()
    areas = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    hidden_why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["community", "counted_on", "-heat"], name="hot_topic_by_heat")
        ]

    def __str__(self) -> str:
        return f"topic {self.uuid}"


class TopicMember(models.Model):
    """A request of a topic. ``rank`` 0 is the most central; ``likes``: who joined it."""

    topic = models.ForeignKey(HotTopic, models.CASCADE, related_name="members", db_index=False)
    matter = models.ForeignKey("matters.Matter", models.CASCADE, related_name="in_topics")
    rank = models.PositiveIntegerField()
    likes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "matter"], name="once_in_a_topic")]
        indexes = [models.Index(fields=["topic", "rank"], name="topic_member_rank")]

    def __str__(self) -> str:
        return f"{self.matter_id} in {self.topic_id}"


class TopicHeat(models.Model):
    """How hot a topic was on a day, over the same number of days each time."""

    topic = models.ForeignKey(HotTopic, models.CASCADE, related_name="history", db_index=False)
    day = models.DateField()
    heat = models.FloatField()
    reports = models.PositiveIntegerField()
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "day"], name="one_heat_a_day")]

    def __str__(self) -> str:
        return f"{self.topic_id} on {self.day}: {self.heat}"


class TakenOut(models.Model):
    """A request that staff took out of a topic; the nights do not bring it back."""

    topic = models.ForeignKey(HotTopic, models.CASCADE, related_name="taken_out", db_index=False)
    matter = models.ForeignKey("matters.Matter", models.CASCADE, related_name="+")
    by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    why = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "matter"], name="once_out_of_a_topic")
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} out of {self.topic_id}"


class TopicNight(models.Model):
    """A night on which topics are counted: whoever writes the row does it, nobody twice.

    ``counted_at``: None until it is done; a night that fails stays so and the next one goes on.
    """

    community = models.ForeignKey(
        "organisations.Community", models.CASCADE, related_name="+", db_index=False
    )
    day = models.DateField()  # in the community's zone
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "day"], name="one_topic_night")]

    def __str__(self) -> str:
        return f"{self.community_id} {self.day}"
