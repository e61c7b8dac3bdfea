"""Procedures as Markdown with Mermaid diagrams, written from the declarations themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import override

from linli.kernel.procedures.declaration import SAME, Action, Procedure, registry
from linli.kernel.procedures.facts import label_of, visibility_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

INTRODUCTION = """\
# Procedures

Generated from the code by `linli docs`; do not edit. Each procedure is a set of stages, and
actions that lead from one to another. An action is refused at every other stage and for everyone
not named under “who”.
"""


def procedures_markdown() -> str:
    """Return the reference page of all procedures, in English, ending in one newline."""
    with override("en"):
        parts = [INTRODUCTION]
        for name in sorted(registry):
            parts.extend(_procedure(registry[name]))
    return "\n".join(parts).rstrip() + "\n"


def mermaid(procedure: Procedure) -> str:
    """Return the stage diagram of a procedure as Mermaid text (stateDiagram-v2)."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {stage.name}: {stage.label}" for stage in procedure.stages]
    for start in procedure.starts.values():
        lines += [f"    [*] --> {to}: {start.label}" for to in start.to]
    for (source, target), labels in sorted(_arrows(procedure).items()):
        lines.append(f"    {source} --> {target}: {', '.join(labels)}")
    lines += [f"    {stage.name} --> [*]" for stage in procedure.stages if stage.final]
    return "\n".join(lines)


def _arrows(procedure: Procedure) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for action in procedure.actions.values():
        for source in action.at:
            for target in action.to:
                if target not in (SAME, source):
                    found.setdefault((source, target), []).append(str(action.label))
    return found


def _procedure(procedure: Procedure) -> Iterator[str]:
    yield f"## {procedure.title} (`{procedure.name}`)\n"
    yield f"```mermaid\n{mermaid(procedure)}\n```\n"
    yield "### Begun by\n"
    for start in procedure.starts.values():
        yield from _action(procedure, start)
    yield "### Actions\n"
    for action in procedure.actions.values():
        yield from _action(procedure, action)


def _action(procedure: Procedure, action: Action) -> Iterator[str]:
    yield f"#### {action.label} (`{action.name}`)\n"
    yield f"{action.law}\n"
    if action.at[0]:
        yield f"- at: {_code(action.at)}"
    yield f"- to: {_code('the same stage' if to == SAME else to for to in action.to)}"
    yield f"- who: {_code(action.by)}"
    yield f"- event: `{procedure.event_kind(action)}`, seen by: {action.audience.label}\n"
    rows = list(_facts(action))
    if rows:
        yield "| fact | meaning | required | read by |\n|---|---|---|---|"
        yield "\n".join(rows) + "\n"


def _facts(action: Action) -> Iterator[str]:
    for name, field in action.facts.model_fields.items():
        visible = visibility_of(field)
        reader = f"{visible.audience.label}{', kept apart' if visible.personal else ''}"
        required = "yes" if field.is_required() else "no"
        yield f"| `{name}` | {label_of(name, field)} | {required} | {reader} |"


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
