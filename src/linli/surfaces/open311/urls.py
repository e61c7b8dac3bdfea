"""Addresses of GeoReport v2, below ``/open311/v2/``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import path, re_path

from linli.surfaces.open311 import offered, reading, submitting
from linli.surfaces.open311.receiving import answering

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@answering("GET", "HEAD", "POST")
def requests(request: HttpRequest, format: str) -> HttpResponse:
    """The list to read, and where a new one is submitted."""
    if request.method == "POST":
        return submitting.submit(request, format)
    return reading.list_requests(request, format)


@answering("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
def absent(request: HttpRequest, format: str) -> HttpResponse:
    """Whatever is not one of the others."""
    raise Http404


read = answering("GET", "HEAD")
app_name = "open311"
urlpatterns = [
    path("discovery.<str:format>", offered.discovery),
    path("services.<str:format>", offered.services),
    path("services/<str:code>.<str:format>", offered.service),
    path("requests.<str:format>", requests),
    path("requests/<str:number>.<str:format>", read(reading.one_request)),
    path("tokens/<str:token>.<str:format>", read(reading.one_token)),
    re_path(r"^.*\.(?P<format>json|xml)$", absent),
    re_path(r"^.*$", absent),
]
