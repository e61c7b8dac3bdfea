"""The description of the API: exact bodies of every action, and every problem it answers with."""

from __future__ import annotations

from typing import Any

from django.utils.translation import override
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from linli.surfaces.api.bodies import REF, request_schemas
from linli.surfaces.api.problems import CONTENT_TYPE
from linli.surfaces.api.shapes import Problem

REASONS = {
    400: "The body could not be read.",
    401: "The token is missing or not valid (any more).",
    403: "The caller may not do this.",
    404: "It does not exist, or the caller may not see it.",
    405: "The address does not take this method.",
    409: "The matter is at another stage, or changed meanwhile.",
    413: "The body is too large.",
    415: "The body is not what the operation takes.",
    422: "Parameters, body or facts are not in order; `errors` names each.",
    429: "Too many requests; `Retry-After` says when to come back.",
    503: "The database is busy or away: nothing was done; `Retry-After` says when to come back.",
}
_ALWAYS = (401, 422, 429, 503)
_WITH_BODY = (400, 403, 409, 413, 415)


class DescribedAPI(NinjaAPI):
    """Django Ninja's API with a description that leaves nothing out; made once a process."""

    _described: OpenAPISchema | None = None

    def get_openapi_schema(self, **more: Any) -> OpenAPISchema:
        """Return the OpenAPI document, in English whatever the caller speaks."""
        if self._described is None:
            with override("en"):
                self._described = _whole(super().get_openapi_schema(**more))
        return self._described


def _whole(schema: OpenAPISchema) -> OpenAPISchema:
    components = schema["components"]["schemas"]
    bodies, by_operation = request_schemas()
    problem = Problem.model_json_schema(ref_template=REF)
    components.update(problem.pop("$defs", {}))
    components.update(bodies)
    components["Problem"] = problem
    for name in ("Beginning", "Acting", "Filters"):  # what is read; what is described is exact
        components.pop(name, None)
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            _body(operation, by_operation, components)
            _parameters(operation)
            _problems(path, operation)
    return schema


def _parameters(operation: dict[str, Any]) -> None:
    """A parameter or header is there or not; only in JSON can it be null."""
    for parameter in operation["parameters"]:
        choices = parameter["schema"].pop("anyOf", [])
        for choice in choices:
            if choice != {"type": "null"}:
                parameter["schema"].update(choice)


def _body(
    operation: dict[str, Any], by_operation: dict[str, Any], components: dict[str, Any]
) -> None:
    schema = by_operation.get(operation["operationId"])
    if schema:
        model = components.get(schema.get("$ref", "").rpartition("/")[2], {"required": True})
        content = {"application/json": {"schema": schema}}
        operation["requestBody"] = {"required": bool(model.get("required")), "content": content}


def _problems(path: str, operation: dict[str, Any]) -> None:
    statuses = {*_ALWAYS}
    if "{" in path:
        statuses.add(404)
    if "requestBody" in operation:
        statuses.update(_WITH_BODY)
    schema = {"$ref": REF.format(model="Problem")}
    for status in sorted(statuses):
        told: dict[str, Any] = {
            "description": REASONS[status],
            "content": {CONTENT_TYPE: {"schema": schema}},
        }
        if status in (429, 503):
            told["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
        operation["responses"][status] = told
