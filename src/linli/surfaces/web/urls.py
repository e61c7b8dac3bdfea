"""Addresses of the pages."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("linli.surfaces.web.residents.urls")),
    path("", include("linli.surfaces.web.notices.urls")),
    path("", include("linli.surfaces.web.papers.urls")),
]
for prefix, module in (
    ("", "linli.mechanisms.casework.urls"),
    ("", "linli.mechanisms.casework.opendata.urls"),
    ("", "linli.mechanisms.whistle.urls"),
    ("", "linli.mechanisms.casework.monthly_topics.urls"),
    ("desk/", "linli.surfaces.web.workbench.urls"),
    ("desk/", "linli.surfaces.web.whistles.urls"),
    ("desk/", "linli.surfaces.web.topics.urls"),
    ("desk/", "linli.surfaces.web.opendata.urls"),
    ("files/", "linli.kernel.files.urls"),
    ("me/", "linli.kernel.people.urls"),
):
    try:
        if find_spec(module):
            urlpatterns.append(path(prefix, include(module)))
    except ModuleNotFoundError:
        continue
