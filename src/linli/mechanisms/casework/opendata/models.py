"""A release of open data, and its files."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.identifiers import new_uuid


class Release(models.Model):
    """One period of one community, prepared, and released or refused.

    ``keys`` says, closed in the installation, which matter stands in which row and how coarse:
    without it a correction could not keep the classes. A release is never changed after it went
    out; a correction is another ``edition`` of the same rows, which takes its place.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", _("Waits for a look")
        SEEN = "seen", _("Waits for a second person")
        RELEASED = "released", _("Released")
        REPLACED = "replaced", _("Replaced by a correction")
        REFUSED = "refused", _("Refused")

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    community = models.ForeignKey(
        "organisations.Community", models.PROTECT, related_name="+", db_index=False
    )
    since = models.DateField()
    until = models.DateField()
    edition = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    rule = models.JSONField(default=dict)  # what of the pack it was made by
    loss = models.JSONField(default=dict)  # `engines.anonymity.Loss`
    rows = models.PositiveIntegerField(default=0)
    keys = models.BinaryField()
    prepared_at = models.DateTimeField()
    seen_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)
    seen_reason = models.TextField(blank=True)
    decided_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "since", "edition"],
                condition=~Q(state="refused"),
                name="one_release_a_period",
            )
        ]
        indexes = [models.Index(fields=["community", "-since"], name="releases_newest")]

    def __str__(self) -> str:
        return f"open data of {self.community_id}, {self.since} to {self.until}"

    @property
    def period(self) -> str:
        """The period as its files are named: "2026-10", or "2026-Q4"."""
        if (self.since.year, self.since.month) == (self.until.year, self.until.month):
            return f"{self.since:%Y-%m}"
        return f"{self.since.year}-Q{(self.since.month + 2) // 3}"

    @property
    def is_public(self) -> bool:
        """Whether anyone may have its files."""
        return self.state in (self.State.RELEASED, self.State.REPLACED)

    @property
    def waits(self) -> bool:
        """Whether people still have to decide on it."""
        return self.state in (self.State.PREPARED, self.State.SEEN)


class ReleaseFile(models.Model):
    """A file of a release, kept as it was checked: compressed, with the checksum of its bytes."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="files")
    name = models.CharField(max_length=80)
    content_type = models.CharField(max_length=60)
    content = models.BinaryField()  # gzip
    size = models.PositiveBigIntegerField()  # bytes, not compressed
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "name"], name="one_file_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name
