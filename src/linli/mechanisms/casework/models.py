"""What casework adds to a matter."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import MatterDetail
from linli.mechanisms.casework.suggesting.models import (  # noqa: F401 - for Django to find them
    SuggestionOutcome,
    TriageModel,
    TriageNight,
)


class Satisfaction(models.IntegerChoices):
    """How satisfied the reporter is; the first three count as satisfied."""

    VERY_SATISFIED = 5, _("Very satisfied")
    SATISFIED = 4, _("Satisfied")
    BASICALLY = 3, _("Basically satisfied")
    NOT_SATISFIED = 2, _("Not satisfied")
    NOT_AT_ALL = 1, _("Not satisfied at all")


class ServiceRequest(MatterDetail):
    """A request for service (诉求): the answer, the promise, and how the reporter rated it."""

    # The unit first given the request stays answerable for it (首接负责).
    first_unit = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, related_name="+"
    )
    # The unit bound by the supervisor's decision: it cannot return the request.
    bound_to = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, related_name="+"
    )
    returns = models.PositiveSmallIntegerField(default=0)
    reply = models.TextField(_("reply"), blank=True)
    replied_at = models.DateTimeField(null=True)
    first_replied_at = models.DateTimeField(null=True)
    promised_on = models.DateField(_("promised date"), null=True)
    promise_moved = models.BooleanField(default=False)
    promise_broken = models.BooleanField(default=False)
    solution = models.TextField(_("what was done"), blank=True)
    solved_at = models.DateTimeField(null=True)
    contact_tries = models.PositiveSmallIntegerField(default=0)
    call_again_at = models.DateTimeField(null=True)  # no call before: the interval, or as wished
    contacted = models.BooleanField(_("contacted"), null=True)
    solved = models.BooleanField(_("solved"), null=True)  # as the reporter says
    satisfaction = models.PositiveSmallIntegerField(
        _("satisfaction"), choices=Satisfaction.choices, null=True
    )
    rated_at = models.DateTimeField(null=True)
    not_reached = models.BooleanField(default=False)
    reopened = models.PositiveSmallIntegerField(default=0)
    asked = models.TextField(_("open question to the reporter"), blank=True)
    urged = models.PositiveSmallIntegerField(default=0)  # how often a supervisor urged
    is_part = models.BooleanField(default=False)  # of another request, handled for its lead unit
    answers = models.JSONField(default=dict)  # to the pack's questions; personal ones are not here
    appealed_at = models.DateTimeField(null=True)
    appeal_upheld = models.BooleanField(null=True)  # None until it is decided
    subject_organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, related_name="+"
    )  # the organisation complained of: it never learns who complained

    class Meta:
        indexes = [
            models.Index(fields=["promised_on"], name="request_promised_on"),
            models.Index(fields=["rated_at"], name="request_rated_at"),
            # What a supervisor decided is few of all.
            models.Index(
                fields=["matter"],
                condition=models.Q(bound_to__isnull=False),
                name="request_bound",
            ),
        ]

    def flags(self) -> tuple[str, ...]:
        """Return the lists of a supervisor it belongs on: returned, reopened, broken."""
        told = {
            "returned": self.returns > 0,
            "reopened": self.reopened > 0,
            "broken": self.promise_broken,
        }
        return tuple(name for name, holds in told.items() if holds)


# Models of this app in files of their own: Django looks for models here.
from linli.mechanisms.casework.entries import (  # noqa: E402
    AccountEntry,
    CallClaim,
    Exclusion,
)
from linli.mechanisms.casework.standard_replies.models import StandardReply  # noqa: E402

__all__ = [
    "AccountEntry",
    "CallClaim",
    "Exclusion",
    "Satisfaction",
    "ServiceRequest",
    "StandardReply",
]
