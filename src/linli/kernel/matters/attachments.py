"""Taking attachments away from a matter; called by perform() alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linli.kernel.files.removing import remove_uploads
from linli.kernel.matters.models import Attachment, Audience, Matter

if TYPE_CHECKING:
    from uuid import UUID


def remove_attachments_of(person: UUID, matter: Matter) -> int:
    """Remove what a person attached and nobody released to the public, with its files."""
    rows = Attachment.objects.filter(matter=matter, event__actor__uuid=person)
    found = list(rows.exclude(audience=Audience.PUBLIC).select_related("upload"))
    Attachment.objects.filter(pk__in=[row.pk for row in found]).delete()
    return remove_uploads(row.upload for row in found)
