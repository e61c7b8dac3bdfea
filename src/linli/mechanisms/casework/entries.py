"""What casework keeps beside a request: a claimed call, an entry of the account, an exclusion."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CallClaim(models.Model):
    """Who is calling a reporter back right now, so that no two call the same person.

    No change of the matter and no event: it is let go when the call is noted, or by itself.
    """

    matter = models.OneToOneField(
        "matters.Matter", models.CASCADE, primary_key=True, related_name="call_claim"
    )
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"call about {self.matter_id} until {self.until:%H:%M}"


class AccountEntry(models.Model):
    """A matter on the public account of what cannot be solved now (挂账), or proposed for it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        DECLINED = "declined", _("Declined")
        OPEN = "open", _("On the account")
        LEFT = "left", _("Left the account")

    community = models.ForeignKey(
        "organisations.Community", models.PROTECT, related_name="+", db_index=False
    )
    matter = models.ForeignKey("matters.Matter", models.PROTECT, related_name="account_entries")
    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.CharField(max_length=40)  # of the pack's list "on_account"
    owner = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    review_on = models.DateField()
    text = models.TextField()
    unit = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, related_name="+"
    )  # which proposed it
    proposed_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()  # proposed, then put on the account
    reviews = models.PositiveSmallIntegerField(default=0)
    left_at = models.DateTimeField(null=True)
    left_by_event = models.CharField(max_length=80, blank=True)  # "casework.solved"
    left_reason = models.TextField(blank=True)  # as published, where it was not solved

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter"],
                condition=Q(state__in=("proposed", "open")),
                name="one_account_entry_a_matter",
            )
        ]
        indexes = [
            models.Index(fields=["community", "state", "review_on"], name="account_by_review"),
        ]

    def __str__(self) -> str:
        return f"{self.state} on account: {self.matter_id}"


class Exclusion(models.Model):
    """A request that a matter be left out of the rates, and what was decided on it."""

    community = models.ForeignKey(
        "organisations.Community", models.PROTECT, related_name="+", db_index=False
    )
    matter = models.ForeignKey("matters.Matter", models.PROTECT, related_name="exclusions")
    reason = models.CharField(max_length=40)  # of the pack's list "exclude"
    unit = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    accepted = models.BooleanField(null=True)  # None: not decided yet
    decided_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reversed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter"],
                condition=Q(accepted__isnull=True) | Q(accepted=True, reversed_at__isnull=True),
                name="one_exclusion_a_matter",
            )
        ]
        indexes = [
            models.Index(fields=["community", "accepted", "-decided_at"], name="exclusions_newest"),
        ]

    def __str__(self) -> str:
        return f"exclusion of {self.matter_id}"


IN_FORCE = Q(accepted=True, reversed_at__isnull=True)
