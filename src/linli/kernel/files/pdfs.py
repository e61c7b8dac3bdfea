"""PDFs: read by pypdf, refused where they act, written anew without metadata."""

from __future__ import annotations

import io
import time
from typing import Any

from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from linli.kernel.files.refusal import UploadRefused

MOST_PAGES, MOST_OBJECTS = 200, 50_000
LONGEST = 10.0  # seconds one document may take
ACTIVE = frozenset({
    "/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/AA",
    "/RichMedia", "/SubmitForm", "/ImportData", "/XFA", "/GoToR", "/GoToE",
})  # fmt: skip


def clean_pdf(content: bytes) -> bytes:
    """Return the document written anew, pages only. Raises UploadRefused.

    Streams of pages stay compressed, so a document that unpacks to gigabytes is never unpacked
    here; pypdf unpacks at most 75 MB of any one stream it must read itself.
    """
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise UploadRefused(_("The PDF is locked with a password."))
        if len(reader.pages) > MOST_PAGES:
            raise UploadRefused(_("The PDF has more than %(max)s pages.") % {"max": MOST_PAGES})
        if not reader.pages:
            raise UploadRefused(_("The PDF is damaged and cannot be read."))
        if _acts(reader):
            raise UploadRefused(_("The PDF contains scripts or other files."))
        return _pages_only(reader)
    except UploadRefused:
        raise
    except Exception as error:  # a hostile file leads the reader to any error at all
        raise UploadRefused(_("The PDF is damaged and cannot be read.")) from error


def _pages_only(reader: PdfReader) -> bytes:
    writer = PdfWriter()
    for page in reader.pages:
        writer.add_page(page)
    writer.metadata = None
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _acts(reader: PdfReader) -> bool:
    """Whether anything reachable from the trailer does more than be read."""
    seen: set[tuple[int, int]] = set()
    stack: list[Any] = [reader.trailer]
    looked_at, end = 0, time.monotonic() + LONGEST
    while stack:
        looked_at += 1
        if looked_at > MOST_OBJECTS or time.monotonic() > end:
            raise UploadRefused(_("The PDF is too complicated."))
        one = stack.pop()
        if isinstance(one, IndirectObject):
            place = (one.idnum, one.generation)
            if place in seen:
                continue
            seen.add(place)
            one = one.get_object()
        if isinstance(one, DictionaryObject):
            if _is_active(one):
                return True
            stack.extend(one.raw_get(name) for name in one)
        elif isinstance(one, ArrayObject):
            stack.extend(one)
    return False


def _is_active(one: DictionaryObject) -> bool:
    """Whether a dictionary is, or holds, something that runs or carries another file.

    To open at a certain page is no such thing: word processors write that into every document.
    """
    if ACTIVE & {str(name) for name in one} or str(one.get("/S", "")) in ACTIVE:
        return True
    opening = one.get("/OpenAction")
    return isinstance(opening, DictionaryObject) and opening.get("/S") != "/GoTo"
