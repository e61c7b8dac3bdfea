"""Packs as they were loaded: a running matter keeps the version it began with."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from linli.kernel.packs.ordered_json import OrderedJSONField


class Pack(models.Model):
    """One version of a configuration pack; its content never changes once stored.

    The content is large and kept in memory (`packs.loading.content_of`): whoever joins packs to
    other rows leaves it out, ``defer("community__pack__content")``.
    """

    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)  # SHA-256 of the content, its order included
    content = OrderedJSONField()
    loaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "digest"], name="one_pack_version")]

    def __str__(self) -> str:
        return f"{self.name}@{self.digest[:8]}"
