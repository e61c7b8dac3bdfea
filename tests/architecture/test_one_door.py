"""Nothing but perform() writes a matter's stage or version, an event, or a clock."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "linli"
DOOR = {
    "kernel/procedures/act.py",
    "kernel/procedures/flagging.py",  # makes anew what the door keeps; no more than flags
    "kernel/procedures/performing.py",
    "kernel/procedures/recording.py",
    "kernel/deadlines/clocks.py",
}
GUARDED_FIELDS = {"stage", "version", "closed_at", "due_at", "leaf_hash"}
GUARDED_MODELS = {"Event", "Clock", "Matter", "PersonalValue"}
WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "delete",
          "update"}  # fmt: skip


def modules() -> list[Path]:
    return [
        path
        for path in sorted(SOURCE.rglob("*.py"))
        if "migrations" not in path.parts and path.relative_to(SOURCE).as_posix() not in DOOR
    ]


def wrongs(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AugAssign):
            targets = [node.target]
        for target in targets:
            if (
                isinstance(target, ast.Attribute)
                and target.attr in GUARDED_FIELDS
                and "matter" in ast.unparse(target.value)
            ):
                found.append(f"{node.lineno}: sets {ast.unparse(target)}")
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in WRITES
        ):
            root = ast.unparse(node.func).split(".")[0]
            if root in GUARDED_MODELS and ".objects" in ast.unparse(node.func):
                found.append(f"{node.lineno}: calls {ast.unparse(node.func)}")
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Event", "Clock", "Matter"}:
            found.append(f"{node.lineno}: makes a {ast.unparse(node.func)}")
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_it_goes_through_the_door(path: Path) -> None:
    assert wrongs(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "matter.stage = 'closed'",
        "request.matter.version += 1",
        "Event.objects.create(kind='x')",
        "Matter.objects.filter(pk=1).update(stage='x')",
        "Clock(name='reply').save()",
    ],
)
def test_the_guard_sees_what_it_guards_against(source: str) -> None:
    assert wrongs(ast.parse(source))
