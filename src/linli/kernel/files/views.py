"""A stored file, served to whoever holds a signed link to it."""

from __future__ import annotations

import logging
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils._os import safe_join
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from linli.kernel.files.links import HOUR, FileLink, read_link, upload_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from linli.kernel.files.models import Upload

log = logging.getLogger(__name__)
# A file is shown, never run: no script, no form, no origin of ours.
NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_safe
def file(request: HttpRequest, signed: str) -> HttpResponseBase:
    """Send a picture, its thumbnail or a document; a page in plain words where there is none.

    The whole file is sent whichever part was asked for (RFC 9110, 14.2, allows that), and
    nothing but "unchanged" when the browser has it.
    """
    link = read_link(signed)
    upload = upload_of(link) if link else None
    if link is None or upload is None:
        return _gone(request)
    tag = f'"{upload.sha256[:32]}-{link.size}"'
    answer: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    if answer is None or answer.status_code != HTTPStatus.NOT_MODIFIED:
        try:
            answer = _whole(upload, link)
        except OSError:
            log.exception("upload %s is not on disk", upload.uuid)
            return _gone(request)
    answer["ETag"] = tag
    return _guarded(answer, link)


def _whole(upload: Upload, link: FileLink) -> FileResponse:
    small = link.size == "small" and upload.thumbnail_path
    path = safe_join(settings.MEDIA_ROOT, upload.thumbnail_path if small else upload.path)
    answer = FileResponse(
        Path(path).open("rb"),  # noqa: SIM115 - closed with the answer
        # Documents are saved: shown in place they would run a reader's scripts in our name.
        as_attachment=upload.kind == upload.Kind.PDF,
        filename=upload.name,
        content_type="image/jpeg" if small else upload.content_type,
    )
    answer["Accept-Ranges"] = "none"
    return answer


def _guarded(answer: HttpResponseBase, link: FileLink) -> HttpResponseBase:
    public = link.reader == "public"
    # Within an hour of being withdrawn from the public, a file is gone from caches too.
    answer["Cache-Control"] = f"{'public' if public else 'private'}, max-age={HOUR}"
    answer["Content-Security-Policy"] = NOTHING_RUNS
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin" if public else "same-origin"
    answer["Referrer-Policy"] = "no-referrer"
    if not public:
        answer["X-Robots-Tag"] = "noindex"
    return answer


def _gone(request: HttpRequest) -> HttpResponse:
    """Tell the same of every link that leads nowhere: tampered, ended, withdrawn."""
    answer = render(request, "files/gone.html", status=404)
    answer["Cache-Control"] = "no-store"
    return answer
