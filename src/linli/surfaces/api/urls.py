"""The API and its routes: `/api/v1/…`, described at `/api/openapi.json`."""

from __future__ import annotations

from ninja import NinjaAPI

from linli.surfaces.api import matters, problems, references
from linli.surfaces.api.auth import TokenAuth

api = NinjaAPI(
    title="Linli",
    version="1",
    description="Everything is a matter that goes through a procedure and leaves events.",
    docs_url=None,
    openapi_url="/openapi.json",
    auth=TokenAuth(),
    urls_namespace="api",
)
problems.install(api)
matters.add_action_routes()
api.add_router("/v1/", matters.router)
api.add_router("/v1/", references.router)
