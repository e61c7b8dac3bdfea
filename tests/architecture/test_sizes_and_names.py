"""Files and functions stay small; names are of the field."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "linli"
FILES = [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "service", "services",
               "misc", "common"}  # fmt: skip
# Prose in code: lists of sentences and settings are long without being hard.
LONG_BY_NATURE = {"settings/__init__.py"}
MOST_LINES, MOST_FUNCTION_LINES = 400, 50


def named(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_file_fits_in_the_head(path: Path) -> None:
    if named(path) in LONG_BY_NATURE:
        return
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MOST_FUNCTION_LINES
    ]
    assert long == []


def test_names_say_what_is_inside() -> None:
    parts = {part.removesuffix(".py") for path in FILES for part in path.relative_to(SOURCE).parts}
    assert not parts & EMPTY_NAMES


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_module_and_public_name_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if path.name == "apps.py" or not tree.body:
        return
    assert ast.get_docstring(tree), "the module has no docstring"
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []
