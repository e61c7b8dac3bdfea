"""The bodies of requests: plain where they are read, exact in the OpenAPI.

What is read is checked once, by `perform`, in the caller's language; what is described is made
from the same `Facts` classes, one named schema for each start and action.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, create_model
from pydantic.json_schema import models_json_schema

from linli.kernel.procedures.declaration import registry
from linli.kernel.procedures.facts import Says, label_of, marker_of, visibility_of

if TYPE_CHECKING:
    from linli.kernel.procedures.declaration import Action, Procedure
    from linli.kernel.procedures.facts import Facts

REF = "#/components/schemas/{model}"
Version = Annotated[int, Strict(), Field(ge=1, le=2**31 - 1)]


class Beginning(BaseModel):
    """What begins a matter: which procedure, which of its starts, with which facts."""

    model_config = ConfigDict(extra="forbid")
    procedure: str
    start: str
    facts: dict[str, Any]


class Acting(BaseModel):
    """What an action needs to know, and the version of the matter the caller saw."""

    model_config = ConfigDict(extra="forbid")
    facts: dict[str, Any] = {}
    version: Version | None = None


def for_people(action: Action) -> bool:
    """Whether anybody but Linli itself can do it."""
    return set(action.by) != {"system"}


def actions_for_people() -> dict[str, list[tuple[Procedure, Action]]]:
    """Return the actions by name, each with the procedures that declare one of that name."""
    found: dict[str, list[tuple[Procedure, Action]]] = {}
    for procedure in registry.values():
        for action in procedure.actions.values():
            if for_people(action):
                found.setdefault(action.name, []).append((procedure, action))
    return dict(sorted(found.items()))


def facts_schema(facts: type[Facts]) -> dict[str, Any]:
    """Return the JSON Schema of facts, with labels and hints in the active language."""
    schema = facts.model_json_schema()
    _describe(schema, facts)
    return schema


def _describe(schema: dict[str, Any], facts: type[Facts]) -> None:
    for name, field in facts.model_fields.items():
        says, told = marker_of(field, Says), schema["properties"][name]
        told["title"] = label_of(name, field)
        if says and says.hint:
            told["description"] = str(says.hint)
        told["x-read-by"] = str(visibility_of(field).audience)


# --- for the OpenAPI ------------------------------------------------------------------------
def request_schemas() -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return component schemas, and the schema of the body by operation.

    Operations are ``begin_matter`` and ``act_NAME``.
    """
    bodies = _bodies()
    models = [model for group in bodies.values() for model in group]
    refs, rest = models_json_schema([(model, "validation") for model in models], ref_template=REF)
    components: dict[str, Any] = rest.get("$defs", {})
    for model in models:
        facts = model.model_fields["facts"].annotation
        _describe(components[facts.__name__], facts)  # type: ignore[union-attr, arg-type]
    operations = {}
    for name, group in bodies.items():
        schemas = [refs[(model, "validation")] for model in group]
        # Which facts an action takes depends on the matter; two procedures may ask for the same.
        together = "oneOf" if name == "begin_matter" else "anyOf"
        operations[name] = schemas[0] if len(schemas) == 1 else {together: schemas}
    return components, operations


@lru_cache(maxsize=1)
def _bodies() -> dict[str, list[type[BaseModel]]]:
    found: dict[str, list[type[BaseModel]]] = {
        "begin_matter": [
            _begin_model(procedure, start)
            for procedure in registry.values()
            for start in procedure.starts.values()
            if for_people(start)
        ]
    }
    for name, declared in actions_for_people().items():
        found[f"act_{name}"] = [_act_model(procedure, action) for procedure, action in declared]
    return found


def _begin_model(procedure: Procedure, start: Action) -> type[BaseModel]:
    name = _camel(procedure, start)
    return create_model(
        f"Begin{name}",
        __base__=Beginning,
        __doc__=start.law,
        procedure=(Literal[procedure.name], ...),  # type: ignore[arg-type]
        start=(Literal[start.name], ...),  # type: ignore[arg-type]
        facts=(_named(start.facts, name), ...),
    )


def _act_model(procedure: Procedure, action: Action) -> type[BaseModel]:
    name = _camel(procedure, action)
    facts = _named(action.facts, name)
    needed = any(field.is_required() for field in facts.model_fields.values())
    default: Any = ... if needed else {}
    return create_model(f"Act{name}", __base__=Acting, __doc__=action.law, facts=(facts, default))


def _named(facts: type[Facts], name: str) -> type[Facts]:
    """Return the same facts under a name of their own: two mechanisms may both have a `Close`."""
    return type(f"{name}Facts", (facts,), {"__doc__": facts.__doc__, "__module__": __name__})


def _camel(procedure: Procedure, action: Action) -> str:
    return f"{procedure.name}_{action.name}".title().replace("_", "")
