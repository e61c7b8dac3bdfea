"""Signed links to stored files: whoever may see a file on a page gets a link that ends.

A link says for whom it was made, which size, and when, rounded down so that the same page gives
the same link for a while and browsers need not load a picture twice:

=========  ==============================  ============  =========================================
reader     made for                        ends after    checked again when it is followed
=========  ==============================  ============  =========================================
``shown``  one page of someone who may     2 to 3 hours  no: the page knew who asked
``public`` anyone                          3 to 4 weeks  that file and matter are still public
=========  ==============================  ============  =========================================
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner, b62_encode
from django.urls import reverse

from linli.kernel.files.models import Upload
from linli.kernel.matters.models import Attachment, Audience

Size = Literal["full", "small"]
Reader = Literal["shown", "public"]
HOUR, WEEK = 3600, 7 * 24 * 3600
ROUNDED_TO = {"shown": HOUR, "public": WEEK}  # seconds
ENDS_AFTER = {"shown": 3 * HOUR, "public": 4 * WEEK}  # seconds


@dataclass(frozen=True)
class FileLink:
    """What a link was made for."""

    uuid: UUID
    size: Size
    reader: Reader


class _Signer(TimestampSigner):
    """Signs with the hour or week instead of the second."""

    def __init__(self, reader: str) -> None:
        super().__init__(sep=".", salt=f"linli.files.{reader}")
        self.rounded_to = ROUNDED_TO[reader]

    def timestamp(self) -> str:
        """Return the beginning of the span the present moment lies in."""
        now = int(time.time())
        return b62_encode(now - now % self.rounded_to)


def link_to(file: Attachment | Upload, size: Size = "full") -> str:
    """Return the address of a file; call it only for somebody who may see the file.

    ``size``: "small" for a picture's thumbnail; a file without one gives the file itself. An
    attachment whose matter is loaded costs no query.
    """
    upload = file if isinstance(file, Upload) else file.upload
    reader: Reader = "public" if isinstance(file, Attachment) and is_public(file) else "shown"
    if not upload.thumbnail_path:
        size = "full"
    signed = _Signer(reader).sign(f"{reader}.{size}.{upload.uuid.hex}")
    return reverse("files:file", kwargs={"signed": signed})


def is_public(attachment: Attachment) -> bool:
    """Whether everyone may see the attachment: both it and its matter are public."""
    return Audience.PUBLIC == attachment.audience == attachment.matter.audience


def read_link(signed: str) -> FileLink | None:
    """Return what a link was made for; None for one that ended or that nobody signed."""
    reader = signed.partition(".")[0]
    if reader not in ROUNDED_TO:
        return None
    try:
        value = _Signer(reader).unsign(signed, max_age=ENDS_AFTER[reader])
    except BadSignature:
        return None
    _reader, size, uuid = value.split(".")
    return FileLink(UUID(uuid), size, reader)  # type: ignore[arg-type]


def upload_of(link: FileLink) -> Upload | None:
    """Return the file of a link in one query; None when it is gone, or public no longer."""
    rows = Upload.objects.filter(uuid=link.uuid)
    if link.reader == "public":
        public = {"attachment__audience": Audience.PUBLIC}
        rows = rows.filter(attachment__matter__audience=Audience.PUBLIC, **public)
    return rows.first()
