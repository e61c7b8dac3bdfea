"""The public page of open data, and its files."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.kernel.access.rates import seconds_left, within_rate
from linli.kernel.packs.loading import pack_of
from linli.mechanisms.casework.opendata.columns import FIELDS
from linli.mechanisms.casework.opendata.showing import file_named, out
from linli.mechanisms.casework.views.report import community_or_404

if TYPE_CHECKING:
    from django.http import HttpRequest

    from linli.mechanisms.casework.opendata.models import ReleaseFile

A_YEAR = 31_536_000  # seconds; what is out is never changed


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """What is out, what its columns mean, what was made coarse, and what that does not do."""
    community = community_or_404(request)
    told = {
        "section": "board",
        "view": "open_data",
        "list_url": reverse("casework:board"),
        "map_url": reverse("casework:board_map"),
        "releases": out(community),
        "fields": FIELDS,
        "setting": pack_of(community).open_data,
    }
    return render(request, "opendata/show.html", told)


@require_safe
def download(request: HttpRequest, name: str) -> HttpResponse:
    """A file of a release that is out; kept by browsers and proxies, since it never changes."""
    if not within_rate("open_data", request):
        answer = HttpResponse(_("Too many downloads; please come back later."), status=429)
        answer["Retry-After"] = str(seconds_left("open_data"))
        return answer
    file = file_named(name)
    if file is None:
        raise Http404
    return sent(request, file)


def sent(request: HttpRequest, file: ReleaseFile) -> HttpResponse:
    """Return a file as an answer: compressed where that is taken, empty where it is known."""
    tag = f'"{file.sha256}"'
    known = request.headers.get("If-None-Match", "")
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    if tag in known or known == "*":
        answer = HttpResponse(status=304)
    else:
        content = bytes(file.content)
        answer = HttpResponse(
            content if packed else gzip.decompress(content), content_type=file.content_type
        )
        if packed:
            answer["Content-Encoding"] = "gzip"
        answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    answer["ETag"] = tag
    answer["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer
