"""Secret links to a matter, bearer tokens of the API, and the audit log."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.identifiers import new_uuid


class AccessLink(models.Model):
    """A secret link by which a reporter without an account comes back to the matter.

    Only the digest is stored; `access.links.token_of` derives the token anew from the uuid.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    matter = models.ForeignKey("matters.Matter", models.PROTECT, related_name="access_links")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="access_links")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link to {self.matter_id}"


class ApiToken(models.Model):
    """A bearer token: acts as its person, within one community, until it expires.

    The link of a calendar is one too: all it opens is that person's deadlines.
    """

    class Scope(models.TextChoices):
        """What a token opens. Those that travel in addresses open nothing else."""

        API = "api", _("The API")
        OPEN311 = "open311", _("Open311")
        CALENDAR = "calendar", _("Calendar of deadlines")

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    community = models.ForeignKey("organisations.Community", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.API)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """What was done outside matters: sign-ins, administration, exports. Kept at least 6 months."""

    community = models.ForeignKey(
        "organisations.Community", models.PROTECT, null=True, related_name="+"
    )
    actor = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True)
    details = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["community", "-at"], name="audit_newest")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
