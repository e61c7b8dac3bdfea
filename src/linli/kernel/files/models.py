"""What was uploaded, after it was checked and cleaned."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from linli.kernel.identifiers import new_uuid


class Upload(models.Model):
    """A cleaned file on disk, not yet or already attached to a matter."""

    class Kind(models.TextChoices):
        IMAGE = "image"
        PDF = "pdf"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    community = models.ForeignKey("organisations.Community", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    content_type = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=200)
    thumbnail_path = models.CharField(max_length=200, blank=True)
    uploaded_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
