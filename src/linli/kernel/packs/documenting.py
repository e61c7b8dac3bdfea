"""The reference page of packs, written from their schema."""

from __future__ import annotations

import types
from datetime import date, time
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from django.utils.translation import override
from pydantic import BaseModel

from linli.kernel.packs.schema import CASEWORK_CLOCKS, NOTICE_FIELDS, PackContent
from linli.kernel.packs.texts import Label, models_within
from linli.kernel.papers.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

INTRODUCTION = """\
# Packs

Generated from the code by `linli docs`; do not edit. A pack is a folder of YAML files: `pack.yaml`
holds the top settings, and each file beside it the section of its name. [Write a
pack](../how-to/write-a-pack.md) shows how one is made; `linli pack check` names every mistake with
its file and line.
"""
_PLAIN = {
    str: "text", int: "whole number", float: "number", bool: "true or false",
    date: "day, `2026-10-01`", time: 'time of day, `"08:30"`',
}  # fmt: skip


def packs_markdown() -> str:
    """Return the reference page of packs, in English, ending in one newline."""
    with override("en"):
        parts = [INTRODUCTION]
        for model in models_within(PackContent):
            parts.extend(_model(model))
        parts.append(f"Clocks that casework needs: {_listed(CASEWORK_CLOCKS)}.\n")
        parts.append(f"Notices may be filled with: {_listed(sorted(NOTICE_FIELDS))}.\n")
        parts.extend(_kinds_of_papers())
    return "\n".join(parts).rstrip() + "\n"


def _kinds_of_papers() -> Iterator[str]:
    """Say what each kind of paper may be filled with."""
    for kind in KINDS.values():
        offered = [f"variables {_listed(kind.variables)}"]
        offered += [f"table `{name}` with {_listed(names)}" for name, names in kind.tables.items()]
        offered += [f"points `{name}`" for name in kind.lists]
        offered += [f"picture `{name}`" for name in kind.pictures]
        yield f"The paper `{kind.name}` ({kind.label}) offers:\n"
        yield "\n".join(f"- {one}" for one in offered) + "\n"


def _listed(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _model(model: type[BaseModel]) -> Iterator[str]:
    yield f"## {_title(model)}\n"
    yield f"{(model.__doc__ or '').strip()}\n"
    yield "| setting | meaning | value | when absent |\n|---|---|---|---|"
    rows = (_row(name, field) for name, field in model.model_fields.items())
    yield "\n".join(rows) + "\n"


def _title(model: type[BaseModel]) -> str:
    name = model.__name__.removesuffix("Setting").removesuffix("Content").removesuffix("Text")
    return "".join(f" {letter}" if letter.isupper() else letter for letter in name).strip()


def _row(name: str, field: FieldInfo) -> str:
    absent = "must be given" if field.is_required() else _default(field)
    told = (field.description or "").replace("\n", " ")
    return f"| `{name}` | {told} | {_value(field.annotation)} | {absent} |"


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value is None or value in ("", [], {}):
        return "nothing"
    if isinstance(value, BaseModel):
        return "as each says"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _value(annotation: Any) -> str:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _value(parts[0])
    if origin is Literal:
        return "one of " + ", ".join(f"`{part}`" for part in parts)
    if origin in (Union, types.UnionType):
        return _value(next(part for part in parts if part is not type(None)))
    if origin is list:
        return f"list: {_value(parts[0])}"
    if origin is tuple:
        return "pair: " + ", ".join(_value(part) for part in parts)
    if origin is dict:
        return f"by {'day' if parts[0] is date else 'code'}: {_value(parts[1])}"
    if annotation is Label:
        return "text in each language"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"see *{_title(annotation)}*"
    return _PLAIN.get(annotation, "text")
