"""A text kept for replies that come often."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.identifiers import new_uuid

LONGEST = 2_000


class StandardReply(models.Model):
    """A standard reply of a unit, shared with all below it, or of the whole community.

    ``text`` may hold variables such as ``{number}``, see `standard_replies.variables`. One that is
    retired is offered no more and stays in the list, so that it can be brought back.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    community = models.ForeignKey(
        "organisations.Community", models.PROTECT, related_name="standard_replies"
    )
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("unit"),
    )  # fmt: skip
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text"), max_length=LONGEST)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "organisation", "title"],
                condition=models.Q(organisation__isnull=False),
                name="one_reply_of_a_title_in_a_unit",
            ),
            models.UniqueConstraint(
                fields=["community", "title"],
                condition=models.Q(organisation__isnull=True),
                name="one_reply_of_a_title_for_all",
            ),
        ]

    def __str__(self) -> str:
        return self.title
