"""Storing an upload: checked by content, cleaned, written once whole.

Images are decoded and encoded anew, so nothing but pixels survives: no metadata, no place where a
picture was taken, no second file hidden behind the first. PDFs are written anew without what acts.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from linli.kernel.files.images import clean_image, thumbnail_of
from linli.kernel.files.models import Upload
from linli.kernel.files.pdfs import clean_pdf
from linli.kernel.files.purging import delete_files
from linli.kernel.files.refusal import UploadRefused
from linli.kernel.identifiers import new_uuid

if TYPE_CHECKING:
    from linli.kernel.organisations.models import Community
    from linli.kernel.people.models import Person

__all__ = ["UploadRefused", "store_upload"]
NAME_LENGTH = 100
SCAN_SECONDS = 60


def store_upload(community: Community, file: IO[bytes], *, by: Person | None = None) -> Upload:
    """Check, clean and store a file; return its row, not yet attached to a matter.

    ``file`` is open for reading in binary and may have a ``name``. Raises UploadRefused with a
    sentence for the person who sent it; then nothing was stored.
    """
    content = _read(file)
    scan(content)
    kind = kind_of(content)
    thumbnail = b""
    if kind == Upload.Kind.PDF:
        content, content_type, ending = clean_pdf(content), "application/pdf", "pdf"
    else:
        content, content_type, ending = clean_image(content)
        thumbnail = thumbnail_of(content)
    uuid = new_uuid()
    folder = Path(community.code) / timezone.now().strftime("%Y/%m")
    path = folder / f"{uuid}.{ending}"
    small = folder / f"{uuid}.thumb.jpg" if thumbnail else None
    upload = Upload(
        uuid=uuid,
        community=community,
        kind=kind,
        content_type=content_type,
        name=shown_name(getattr(file, "name", "") or "", ending),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        path=str(path),
        thumbnail_path=str(small or ""),
        uploaded_by=by,
    )
    try:
        write_whole(path, content)
        if small is not None:
            write_whole(small, thumbnail)
        upload.save(force_insert=True)
    except BaseException:
        # No row, no file: what nobody knows of would never be purged.
        delete_files([upload.path, upload.thumbnail_path] if small else [upload.path])
        raise
    return upload


def _read(file: IO[bytes]) -> bytes:
    """Read at most the limit and one byte: a longer file is refused before it fills the memory."""
    most = settings.UPLOAD_MAX_BYTES
    content = file.read(most + 1)
    if not content:
        raise UploadRefused(_("The file is empty."))
    if len(content) > most:
        raise UploadRefused(
            _("The file is too large; at most %(size)s MB.") % {"size": most // 1_048_576}
        )
    return content


def kind_of(content: bytes) -> Upload.Kind:
    """Return what the content is by its first bytes, whatever the name says.

    Raises UploadRefused for anything but JPEG, PNG, WebP, GIF and PDF.
    """
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")):
        return Upload.Kind.IMAGE
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Upload.Kind.IMAGE
    if content.startswith(b"%PDF-"):
        return Upload.Kind.PDF
    raise UploadRefused(_("Only pictures (JPEG, PNG, WebP, GIF) and PDF files can be added."))


def scan(content: bytes) -> None:
    """Hand the file to the virus scanner of the settings, if there is one.

    A scanner that fails or does not answer refuses: better no file than a bad one.
    """
    if not settings.UPLOAD_SCANNER:
        return
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        command = [*shlex.split(settings.UPLOAD_SCANNER), file.name]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SCAN_SECONDS, check=False)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired):
            done = None
    if done is None or done.returncode != 0:
        raise UploadRefused(_("The file did not pass the virus check."))


def shown_name(name: str, ending: str) -> str:
    """Return a harmless name to show and to save under, with the ending of the real content."""
    stem = Path(name.replace("\\", "/")).stem.lstrip(".")[:NAME_LENGTH]
    try:
        stem = get_valid_filename(stem)
    except Exception:  # Django refuses names that are nothing but dots
        stem = "file"
    return f"{stem}.{ending}"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file below the uploads so that it is there whole or not at all."""
    target = Path(settings.MEDIA_ROOT) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, target)
        except BaseException:
            os.unlink(file.name)
            raise
