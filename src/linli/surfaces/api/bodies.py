"""The bodies of requests in the OpenAPI, made from the facts the actions declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.kernel.procedures.declaration import registry

if TYPE_CHECKING:
    from linli.kernel.procedures.declaration import Action


def facts_schema(action: Action) -> dict[str, Any]:
    """Return the JSON Schema of an action's facts, without references elsewhere."""
    schema = action.facts.model_json_schema()
    schema.pop("$defs", None)
    schema["title"] = action.facts.__name__
    return schema


def action_body(action: Action) -> dict[str, Any]:
    """Return the request body of an action: facts and the version the caller saw."""
    required = ["facts"] if action.facts.model_json_schema().get("required") else []
    schema = {
        "type": "object",
        "properties": {
            "facts": facts_schema(action),
            "version": {"type": "integer", "minimum": 0, "description": "The version seen."},
        },
        **({"required": required} if required else {}),
    }
    return _json(schema, required=bool(required))


def begin_body() -> dict[str, Any]:
    """Return the request body that begins a matter: one shape for each start people may use."""
    shapes = [
        {
            "type": "object",
            "title": f"{procedure.name}.{start.name}",
            "properties": {
                "procedure": {"type": "string", "enum": [procedure.name]},
                "start": {"type": "string", "enum": [start.name]},
                "facts": facts_schema(start),
            },
            "required": ["procedure", "start", "facts"],
        }
        for procedure in registry.values()
        for start in procedure.starts.values()
        if start.by != ("system",)
    ]
    return _json({"oneOf": shapes}, required=True)


def _json(schema: dict[str, Any], *, required: bool) -> dict[str, Any]:
    return {
        "requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}
    }
