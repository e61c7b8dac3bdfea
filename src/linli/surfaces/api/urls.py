"""The API: `/api/v1/…`, described at `/api/openapi.json`."""

from __future__ import annotations

from linli.surfaces.api import acting, figures, matters, open_data, problems, references, similar
from linli.surfaces.api.auth import TokenAuth
from linli.surfaces.api.openapi import DescribedAPI
from linli.surfaces.api.parsing import StrictJson, only_known_parameters

api = DescribedAPI(
    title="Linli",
    version="1",
    description="Everything is a matter that goes through a procedure and leaves events.",
    # No page that would load a third party's scripts; docs/reference/api.md says how to read it.
    docs_url=None,
    openapi_url="/openapi.json",
    auth=TokenAuth(),
    parser=StrictJson(),
    urls_namespace="api",
)
problems.install(api)
api.add_decorator(only_known_parameters)
for router in (
    matters.router,
    acting.routes(),
    references.router,
    similar.router,
    open_data.router,
    figures.router,
):
    api.add_router("/v1/", router)
