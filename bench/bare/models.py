"""A row like the rows a report writes."""

from __future__ import annotations

from django.db import models

from linli.kernel.identifiers import new_uuid


class BareRow(models.Model):
    """Identifier, time and a text."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bare"

    def __str__(self) -> str:
        return str(self.uuid)
